"""Makes holidays.json (python-holidays 0.x, see "version" in it) and iso-weeks.json. Run: python make.py (needs holidays)."""
import datetime
import json

import holidays

# Countries of which both libraries mean the same; the others differ in regional and moved days.
COUNTRIES = ["AT", "DE", "FR", "GB", "PL", "SE"]
YEARS = range(2021, 2029)
found = {
    # Every Sunday is a public holiday in Sweden by law.
    country: sorted(
        day.isoformat()
        for day in (holidays.Sweden(include_sundays=False, years=YEARS) if country == "SE"
                    else holidays.country_holidays(country, years=YEARS))
    )
    for country in COUNTRIES
}
json.dump({"version": holidays.__version__, "holidays": found}, open("holidays.json", "w"), indent=0)
first = datetime.date(1970, 1, 1)
days = range(0, 33000, 13)
json.dump([[day, (first + datetime.timedelta(day)).isocalendar().week] for day in days], open("iso-weeks.json", "w"))
