"""Paging as the vendor recommends: read pages until a short one."""

from office_session import office_session

from mockserver.office.rows import ClaimTracking


def all_trackings(session, url):
    rows = []
    while True:
        page = session.get(url, params={"Offset": len(rows)}).json()
        rows += page
        if len(page) < 100:
            return rows


def test_every_row_comes_once(opendental_mock):
    for number in range(100, 350):
        opendental_mock.office.put(
            ClaimTracking(ClaimTrackingNum=number, ClaimNum=1, DateTimeEntry="2023-07-21 08:00:00")
        )
    rows = all_trackings(office_session(opendental_mock.headers), opendental_mock.url + "/claimtrackings")
    assert len({row["ClaimTrackingNum"] for row in rows}) == len(rows) == 258
    assert [request.status for request in opendental_mock.requests].count(200) == 3
