"""The telephone of these tests sees what it is for: else every promise below it would be kept by looking away."""

from tests.browser.phone import Phone
from tests.browser.story import CREATE
from tests.browser.town import Town


async def test_a_phone_sees_what_is_wrong(town: Town, phone: Phone) -> None:
    await phone.page.goto(town.issuer)
    await phone.look(CREATE)
    assert phone.complaints == []
    await phone.page.evaluate(
        """() => {
          const wide = document.createElement("p");
          wide.style.width = "2000px";
          wide.style.color = "#ddd";
          wide.textContent = "grey on white";
          document.querySelector("main").append(wide, document.createElement("img"), document.createElement("input"));
        }"""
    )
    found = {line.partition(":")[0] for line in await phone.violations()}
    assert found >= {"color-contrast", "image-alt", "label"}
    assert await phone.sideways() > 1000


async def test_a_phone_hears_every_complaint(town: Town, phone: Phone) -> None:
    await phone.page.goto(town.issuer)
    await phone.look(CREATE)
    await phone.page.evaluate(
        """async () => {
          const image = new Image();
          image.src = "https://elsewhere.example/pixel.png";
          console.error("a complaint");
          setTimeout(() => { throw new Error("nobody catches this"); });
          await fetch("/api/nowhere");
          try { document.body.innerHTML = "<b>markup from a string</b>"; } catch { /* Trusted Types */ }
        }"""
    )
    for complaint in ("img-src", "a complaint", "nobody catches this", "404", "require-trusted-types-for"):
        await phone.hears(complaint)
    phone.foresee("")
