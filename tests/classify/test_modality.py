"""Modality: what the main clause of the first operative sentence does."""

import pytest

from nlp.classify.modality import modality
from nlp.classify.reading import ClauseText, read

CASES = [
    (ClauseText("No officer shall ask about immigration status."), "prohibition"),
    (ClauseText("The sheriff shall publish a report each year."), "obligation"),
    (ClauseText("The agency may enter into an agreement."), "permission"),
    (ClauseText("Nothing in this chapter shall be construed to create a right."), "exemption"),
    (ClauseText("This section does not apply to a federal criminal warrant."), "exemption"),
    (ClauseText("The department is not required to hold the person."), "exemption"),
    # "shall take effect" binds nobody
    (ClauseText("This Act shall take effect on October 1, 2026."), "statement"),
    (ClauseText("“Detainer” means a written request to hold a person."), "definition"),
    (ClauseText("“Agency” does not include a court."), "definition"),
    (ClauseText("As used in this section:"), "definition"),
    # an item takes the modality of its lead-in
    (ClauseText("(2) use a jail for that purpose.", lead_in="A county shall not:"), "prohibition"),
    (ClauseText("(a) the number of persons held;", lead_in="The report shall state:"), "obligation"),
    (ClauseText("(b) a sheriff's office.", lead_in="“Agency” includes:"), "definition"),
    # a condition's verb is not the rule's
    (ClauseText("If a person may be released, the jail shall notify counsel."), "obligation"),
    (ClauseText("An agency that has not met the standard shall report it."), "obligation"),
    (ClauseText("A person who believes that the officer will act unlawfully may bring an action."), "permission"),
    (ClauseText("Any employee shall have power to administer oaths."), "permission"),
    (ClauseText("It shall be unlawful for any person to sell tickets."), "prohibition"),
    (ClauseText("The purpose of this policy is to build trust; it shall guide all members."), "statement"),
    (ClauseText("Land used for recreation.", heading="Definitions"), "definition"),
    (ClauseText("A deputy who finishes the course shall be deemed qualified."), "statement"),
    (ClauseText("The district court shall have jurisdiction of an action under this act."), "statement"),
    (ClauseText("The inspector shall have free access to every cell."), "permission"),
    (ClauseText("The term “record” shall include a photograph."), "definition"),
    # freed, not barred
    (ClauseText("A clerk is not liable for an error made in good faith."), "exemption"),
    (ClauseText("No action lies against a juror."), "exemption"),
    # barred, though in the form of a duty
    (ClauseText("The registrar shall make no inquiry into immigration status."), "prohibition"),
    (ClauseText("The registrar shall answer no later than the tenth day."), "obligation"),
    (ClauseText("Keeping a jail without a license is a misdemeanor, and the court may add a fine."), "statement"),
    (ClauseText("A county may not, by any means, pay for the flight."), "prohibition"),
    # a power, though "shall" or a bar is in it
    (ClauseText("The district shall exercise discretion whether to comply."), "permission"),
    (ClauseText("The board may deny a permit to a person who owes a fine."), "permission"),
    # what tells, whatever it goes on to say
    (ClauseText("Under this memorandum the office has been delegated the powers below."), "statement"),
    (ClauseText("Each party represents that it is authorized to sign."), "statement"),
    (ClauseText("This agreement becomes effective upon signature and will remain in effect for a year."), "statement"),
    (ClauseText("It is the intention of the council that this ordinance shall add to other protections."), "statement"),
    (ClauseText("An adjudication is not a conviction."), "statement"),
    (ClauseText("Each of them is solely responsible for its own records."), "obligation"),
    # a section's number and heading are not its subject
    (ClauseText("Section 6. City data. Vendor shall not sell a record."), "prohibition"),
    (ClauseText("Such sales are prohibited"), "prohibition"),
    (ClauseText("No witness is liable for what is said in good faith."), "exemption"),
    (ClauseText("The clerk has no duty to review a filing."), "exemption"),
]


@pytest.mark.parametrize(("clause", "expected"), CASES)
def test_modality_is_the_main_clauses(clause: ClauseText, expected: str) -> None:
    assert modality(read(clause)) == expected
