"""Paging as the vendor recommends: read pages until a short one."""

import requests

from mockserver.office.rows import ClaimTracking


def all_trackings(url, headers):
    rows = []
    while True:
        page = requests.get(url, params={"Offset": len(rows)}, headers=headers).json()
        rows += page
        if len(page) < 100:
            return rows


def test_every_row_comes_once(opendental_mock):
    for number in range(100, 350):
        opendental_mock.office.put(
            ClaimTracking(ClaimTrackingNum=number, ClaimNum=1, DateTimeEntry="2023-07-21 08:00:00")
        )
    rows = all_trackings(opendental_mock.url + "/claimtrackings", opendental_mock.headers)
    assert len({row["ClaimTrackingNum"] for row in rows}) == len(rows) == 258
    assert len(opendental_mock.requests) == 3
