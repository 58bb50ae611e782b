"""The picture is read by a decoder that never saw our library, from a bad photograph of a screen."""

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.async_api import async_playwright

from pds.core.counter import format_address, format_code
from pds.desk.qr import LARGEST_VERSION, QUIET_MODULES, TooLong, qr_svg
from tests.browser.phone import CHROMIUM, FLAGS

# Version 3, version 4, and the demo's own.
ISSUERS = ["https://my.anytown.gov.uk", "https://data.residents.anytown-borough.gov.uk", "http://localhost:31999"]


def address_of(issuer: str) -> str:
    return format_address(issuer, format_code(bytes(range(100, 116))))


async def test_a_blurred_and_tilted_picture_of_200_pixels_is_read() -> None:
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS)) as browser,
    ):
        page = await browser.new_page(viewport={"width": 200, "height": 200})
        for issuer in ISSUERS:
            address = address_of(issuer)
            await page.set_content(f"<style>body{{margin:0}} svg{{display:block;width:200px}}</style>{qr_svg(address)}")
            shot = Image.open(io.BytesIO(await page.screenshot())).convert("L")
            assert shot.size == (200, 200)
            blurred = shot.filter(ImageFilter.GaussianBlur(1))
            tilted = blurred.rotate(10, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            assert [code.text for code in zxingcpp.read_barcodes(tilted)] == [address]
            # What it cannot read, it does not make up.
            assert zxingcpp.read_barcodes(shot.filter(ImageFilter.GaussianBlur(6))) == []


@pytest.mark.parametrize("issuer", ISSUERS)
def test_the_picture_is_one_path_small_and_with_its_quiet_zone(issuer: str) -> None:
    svg = qr_svg(address_of(issuer))
    assert len(svg) < 4096
    assert svg.count("<path") == 1
    assert len(re.findall(r"<[a-z]", svg)) == 2
    found = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    assert found is not None
    size = int(found[1])
    assert (size - 2 * QUIET_MODULES - 17) / 4 in (3, LARGEST_VERSION)
    rows = re.findall(r"M0 (\d+)\.5m(\d+) 0((?:[hm]\d+(?: 0)?)+)", svg)
    assert rows
    for y, left, runs in rows:
        width = int(left) + sum(int(step) for step in re.findall(r"[hm](\d+)", runs))
        assert QUIET_MODULES <= int(y) < size - QUIET_MODULES
        assert int(left) >= QUIET_MODULES
        assert width <= size - QUIET_MODULES


def test_a_picture_is_made_once() -> None:
    address = address_of("https://once.example")
    assert qr_svg(address) is qr_svg(address)


@pytest.mark.parametrize(
    "address", ["https://my.anytown.gov.uk/q/0", "HTTPS://A/Q/É", "", "HTTPS://A/Q/0\n", "HTTPS://A/Q/#"]
)
def test_only_capitals_become_a_picture(address: str) -> None:
    with pytest.raises(ValueError, match="capitals"):
        qr_svg(address)


def test_an_address_too_long_for_an_old_phone_is_refused() -> None:
    assert qr_svg("HTTPS://" + "A" * 53 + "/Q/" + "0" * 26)
    with pytest.raises((TooLong, ValueError)):
        qr_svg("HTTPS://" + "A" * 54 + "/Q/" + "0" * 26)
