"""Example with unittest: one server for the class, reset before each test."""

import json
import unittest
import urllib.request

from mockserver import MockServer


class ClaimTrackings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(MockServer())

    def setUp(self):
        self.server.reset()

    def test_the_newest_comes_first(self):
        request = urllib.request.Request(self.server.url + "/claimtrackings", headers=self.server.headers)
        with urllib.request.urlopen(request) as answer:
            times = [row["DateTimeEntry"] for row in json.load(answer)]
        self.assertEqual(times, sorted(times, reverse=True))


if __name__ == "__main__":
    unittest.main()
