"""What a case names stands on its page: linked where the reader reads, counted elsewhere, marked as whose it is."""

from intake.model import CaseId
from intake.service import Service
from tests.intake.inbox.browser import Browser
from tests.intake.inbox.conftest import tell

NUMBER = "Han heter Roger och har numret 070-123 45 67. Hon är inlåst."
ADVERT = "Annonsen finns på ads.example/mia, ring 0701234567."


async def test_a_case_with_the_same_number_is_linked_to(nord: Browser, house: Service) -> None:
    await tell(house, NUMBER)
    await tell(house, ADVERT)
    for case in (await nord.get("/")).cases:
        page = await nord.get(f"/cases/{case}")
        (other,) = [found for found in page.cases if found != case]
        assert "In one other case" in page.words
        assert other in (await nord.get("/")).cases


async def test_a_third_persons_data_is_marked_and_an_advert_is_not(nord: Browser, house: Service) -> None:
    await tell(house, "Han heter Roger och kör ABC 12D.")
    page = await nord.get(f"/cases/{(await nord.get('/')).cases[0]}")
    assert page.words.count("about a third person") == page.text.count('<bdi class="code">') == 2
    assert "advertised" not in page.words


async def test_a_case_that_names_nothing_says_nothing_about_it(nord: Browser, case: CaseId) -> None:
    assert "Numbers and names" not in (await nord.get(f"/cases/{case}")).text
