"""How much people still type: every form of protocols/catalogue/journeys against residents who are invented."""
