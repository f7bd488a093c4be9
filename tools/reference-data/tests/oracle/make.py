"""Golden figures of the online-retail import, by other engines and other methods than the importer's.

    pip install duckdb pandas pyarrow
    python make.py INVOICES.parquet > ../golden/online-retail.json

Sums, prices and hazards: SQL (DuckDB). Matching: for every cancellation, a scan back over the customer's purchases of the
article (pandas, quadratic), checked against a closed form in SQL: what a customer returns of an article without having
bought it is the greatest excess, over time, of what was returned so far over what was bought before.
"""

import json
import sys

import duckdb
import pandas as pd

MAXIMUM_LAG = 14

invoices = sys.argv[1]
db = duckdb.connect()
db.sql(
    f"""
    create table lines as
    select row_number() over () - 1 as line, upper(StockCode) as article, Country as market, CustomerID as customer,
      InvoiceDate as time, date_trunc('week', InvoiceDate)::date as week, Quantity as quantity, UnitPrice as price,
      case when not regexp_matches(StockCode, '^[0-9][0-9][0-9][0-9][0-9]') then 'noArticle'
        when InvoiceNo ilike 'C%' and Quantity < 0 then 'cancellation'
        when InvoiceNo ilike 'C%' then 'contraryCancellation'
        when Quantity <= 0 then 'adjustment'
        when UnitPrice <= 0 then 'unpriced'
        else 'sale' end as kind
    from read_parquet('{invoices}', file_row_number = true) order by file_row_number
    """
)

kinds = {
    kind: {"lines": lines, "units": int(units)}
    for kind, lines, units in db.sql(
        "select kind, count(*), sum(quantity) from lines group by kind order by kind"
    ).fetchall()
}

# Matching, by scanning.
events = db.sql("select * from lines where kind in ('sale', 'cancellation') order by line").df()
known = events[events.customer.notna()]
cancelled_keys = known[known.kind == "cancellation"][["customer", "article"]].drop_duplicates()
groups = known.merge(cancelled_keys, on=["customer", "article"]).groupby(["customer", "article"], sort=True)
matched = []
without_purchase = {"lines": 0, "units": 0}
for _, group in groups:
    purchases = group[group.kind == "sale"].sort_values(["time", "line"])
    purchases = [dict(row, left=int(row["quantity"])) for row in purchases.to_dict("records")]
    for cancellation in group[group.kind == "cancellation"].sort_values(["time", "line"]).to_dict("records"):
        open_units = int(-cancellation["quantity"])
        for purchase in reversed([p for p in purchases if p["time"] < cancellation["time"]]):
            units = min(open_units, purchase["left"])
            if units == 0:
                continue
            purchase["left"] -= units
            open_units -= units
            matched.append(
                {
                    "line": cancellation["line"],
                    "article": purchase["article"],
                    "market": purchase["market"],
                    "sale_week": purchase["week"],
                    "return_week": cancellation["week"],
                    "units": units,
                }
            )
        if open_units > 0:
            without_purchase["lines"] += 1
            without_purchase["units"] += open_units
matched = pd.DataFrame(matched)
matched["lag"] = (pd.to_datetime(matched.return_week) - pd.to_datetime(matched.sale_week)).dt.days // 7

excess = db.sql(
    """
    with steps as (
      select customer, article, kind,
        sum(case when kind = 'cancellation' then -quantity else 0 end) over earlier_or_same as returned,
        coalesce(sum(case when kind = 'sale' then quantity else 0 end) over earlier, 0) as bought
      from lines where kind in ('sale', 'cancellation') and customer is not null
      window earlier_or_same as (partition by customer, article order by time range unbounded preceding),
        earlier as (partition by customer, article order by time
          range between unbounded preceding and interval 1 microsecond preceding))
    select sum(worst) from (
      select greatest(0, max(returned - bought)) as worst from steps where kind = 'cancellation'
      group by customer, article)
    """
).fetchone()[0]
assert excess == without_purchase["units"], (excess, without_purchase)

db.register("matched", matched)
db.sql(f"create table cohorts as select * from matched where lag <= {MAXIMUM_LAG}")
db.sql("create table sales as select * from lines where kind = 'sale'")


def count(query):
    lines, units = db.sql(query).fetchone()
    return {"lines": lines, "units": int(units or 0)}


returns = {
    "inTime": count("select count(distinct line), sum(units) from cohorts"),
    "late": count(f"select count(distinct line), sum(units) from matched where lag > {MAXIMUM_LAG}"),
    "withoutCustomer": count(
        "select count(*), -sum(quantity) from lines where kind = 'cancellation' and customer is null"
    ),
    "withoutPurchase": without_purchase,
}
assert sum(part["units"] for part in returns.values()) == -kinds["cancellation"]["units"]

db.sql(
    """
    create table weekly as
    select *, max(sales_price) over (partition by article, market order by week
      range between interval 84 days preceding and current row) as black_price
    from (select article, market, week, sum(quantity)::bigint as demand,
      sum(quantity * price) / sum(quantity) as sales_price
      from sales group by article, market, week)
    """
)
sold = int(db.sql("select sum(demand) from weekly").fetchone()[0])
top = db.sql(
    """
    select article, sum(demand)::bigint as sold, coalesce((select sum(units) from cohorts c where c.article = w.article),
      0)::bigint as returned
    from weekly w group by article order by sold desc, article limit 10
    """
).fetchall()
series = []
for article, market in db.sql(
    """
    (select article, market from weekly where market = 'United Kingdom' group by all order by sum(demand) desc limit 2)
    union all
    (select article, market from weekly where market = 'EIRE' group by all order by count(*) desc, article limit 1)
    """
).fetchall():
    rows = db.execute(
        """
        select week::varchar, demand, sales_price, black_price, 1 - sales_price / black_price from weekly
        where article = ? and market = ? order by week
        """,
        [article, market],
    ).fetchall()
    names = ["week", "demand", "salesPrice", "blackPrice", "discount"]
    series.append({"article": article, "market": market, "rows": [dict(zip(names, row)) for row in rows]})

# Hazards: a cohort is at risk at lag k when it is at least k weeks old in the last week, with the units not back before.
hazards = db.sql(
    f"""
    with last as (select max(week) as week from weekly),
      lags as (select range as lag from range(0, {MAXIMUM_LAG + 1})),
      at_risk as (
        select lag, sum(demand) as units from weekly, lags, last
        where date_diff('day', weekly.week, last.week) >= 7 * lag group by lag),
      back as (
        select lags.lag, sum(case when c.lag < lags.lag then units else 0 end) as before,
          sum(case when c.lag = lags.lag then units else 0 end) as now
        from cohorts c, lags, last where date_diff('day', c.sale_week, last.week) >= 7 * lags.lag group by lags.lag)
    select lag, units - before, now from at_risk join back using (lag) order by lag
    """
).fetchall()

by_lag = db.sql("select lag, sum(units)::bigint from cohorts group by lag order by lag").fetchall()
rows = {
    "weekly": "select count(*) from weekly",
    "articles": "select count(distinct article) from weekly",
    "markets": "select count(distinct market) from weekly",
    "returns": "select count(*) from (select distinct article, market, sale_week, return_week from cohorts)",
}
first_week, last_week = db.sql("select min(week)::varchar, max(week)::varchar from weekly").fetchone()
golden = {
    "engines": {"duckdb": duckdb.__version__, "pandas": pd.__version__},
    "lines": sum(part["lines"] for part in kinds.values()),
    "kinds": kinds,
    "returns": returns,
    "rows": {name: db.sql(query).fetchone()[0] for name, query in rows.items()},
    "firstWeek": first_week,
    "lastWeek": last_week,
    "soldUnits": sold,
    "returnRate": returns["inTime"]["units"] / sold,
    "topArticles": [{"article": a, "sold": s, "returned": r} for a, s, r in top],
    "returnedUnitsByLag": [int(dict(by_lag).get(lag, 0)) for lag in range(MAXIMUM_LAG + 1)],
    "series": series,
    "hazards": [
        {"lag": lag, "atRisk": int(at_risk), "returned": int(now), "hazard": int(now) / int(at_risk)}
        for lag, at_risk, now in hazards
    ],
}
json.dump(golden, sys.stdout, indent=1)
print()
