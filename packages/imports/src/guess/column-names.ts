/** A role that a column can have. */
export type GuessedRole =
  | 'article'
  | 'market'
  | 'date'
  | 'units'
  | 'price'
  | 'amount'
  | 'listPrice'
  | 'discountAmount'
  | 'customer'
  | 'document'
  | 'stock'
  | 'validFrom'
  | 'validTo'
  | 'group'
  | 'brand'
  | 'season'
  | 'promotion';

/** Names of columns by role, in small letters and digits only; the likelier first. */
const NAMES: Readonly<Record<GuessedRole, readonly string[]>> = {
  article: [
    ...[
      'sku',
      'article',
      'articleid',
      'articlenumber',
      'stockcode',
      'item',
      'itemid',
      'product',
      'productid',
    ],
    ...[
      'productcode',
      'ean',
      'gtin',
      'upc',
      'material',
      'style',
      'artikel',
      'artikelnummer',
      'itemnbr',
      'itemcode',
    ],
  ],
  market: [
    ...[
      'market',
      'country',
      'store',
      'storeid',
      'shop',
      'shopid',
      'branch',
      'location',
      'channel',
      'site',
      'region',
    ],
    ...['filiale', 'land', 'storenbr', 'outlet', 'warehouse'],
  ],
  date: [
    ...[
      'date',
      'day',
      'invoicedate',
      'orderdate',
      'transactiontimestamp',
      'timestamp',
      'datetime',
      'soldat',
      'salesdate',
    ],
    ...['transactiondate', 'createdat', 'datum', 'time', 'week', 'tag'],
  ],
  units: [
    'units',
    'quantity',
    'qty',
    'unitssold',
    'unitsales',
    'pieces',
    'menge',
    'anzahl',
    'count',
    'sales',
    'sold',
  ],
  price: ['unitprice', 'price', 'sellingprice', 'salesprice', 'sellprice', 'preis', 'pricepaid'],
  amount: [
    ...[
      'amount',
      'total',
      'salesvalue',
      'revenue',
      'linetotal',
      'netamount',
      'turnover',
      'totalprice',
      'umsatz',
      'value',
    ],
    ...['salesamount', 'paid'],
  ],
  listPrice: [
    'listprice',
    'regularprice',
    'originalprice',
    'blackprice',
    'baseprice',
    'rrp',
    'msrp',
    'uvp',
    'fullprice',
  ],
  discountAmount: [
    'discountamount',
    'retaildisc',
    'coupondisc',
    'couponmatchdisc',
    'discount',
    'rebate',
    'rabatt',
  ],
  customer: [
    'customerid',
    'customer',
    'householdkey',
    'householdid',
    'card',
    'cardid',
    'member',
    'memberid',
    'client',
    'kunde',
    'kundennummer',
  ],
  document: [
    'invoiceno',
    'invoice',
    'orderid',
    'orderno',
    'basketid',
    'receipt',
    'document',
    'transactionid',
    'ticket',
    'beleg',
    'bon',
  ],
  stock: ['stock', 'onhand', 'stockonhand', 'inventory', 'available', 'bestand'],
  validFrom: ['validfrom', 'from', 'startdate', 'effectivefrom', 'start', 'gueltigab', 'ab'],
  validTo: ['validto', 'to', 'enddate', 'effectiveto', 'until', 'end', 'gueltigbis', 'bis'],
  group: ['group', 'category', 'department', 'commodity', 'class', 'family', 'warengruppe'],
  brand: ['brand', 'manufacturer', 'marke'],
  season: ['season', 'saison'],
  promotion: ['promo', 'promotion', 'onpromotion', 'deal', 'feature', 'feat', 'display', 'aktion'],
};

/** A longer name than this may be part of another. */
const SHORTEST_PART = 4;

/**
 * How well a name fits a role.
 * @param name of a column
 * @param role it may have
 * @returns 0 for not at all; more is better
 */
export function fit(name: string, role: GuessedRole): number {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const names = NAMES[role];
  const place = names.indexOf(plain);
  if (place !== -1) return 3 - place / names.length;
  const long = names.filter((each) => each.length >= SHORTEST_PART);
  const part = long.findIndex((each) => plain.startsWith(each) || plain.endsWith(each));
  return part === -1 ? 0 : 1 - part / long.length;
}
