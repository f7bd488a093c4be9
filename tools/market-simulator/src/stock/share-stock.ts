/** One of those who sell from a stock. */
export interface StockUser {
  /** Units in stock of each size; one array for all who share it. */
  readonly stock: Float64Array;
  /** Units of each size that are asked for. */
  readonly counts: Float64Array;
}

/**
 * Lets those who share a stock sell from it. Who asks for more than there is, is served first come, first served: where a size is
 * short, each gets the same share of what it asks for.
 * @param users of one stock; `counts` becomes what each sells, the stock is left as it is
 * @param sizes how many
 * @param whole whether units cannot be divided: the largest remainders are rounded up then, the first of equal ones first
 */
export function shareStock(users: readonly StockUser[], sizes: number, whole: boolean): void {
  const { stock, counts } = users[0]!;
  if (users.length === 1) {
    for (let size = 0; size < sizes; size++) counts[size] = Math.min(counts[size]!, stock[size]!);
    return;
  }
  for (let size = 0; size < sizes; size++) {
    const asked = users.reduce((total, user) => total + user.counts[size]!, 0);
    const there = stock[size]!;
    if (asked <= there) continue;
    if (whole) shareUnits(users, size, there, asked);
    else for (const user of users) user.counts[size] = (there * user.counts[size]!) / asked;
  }
}

/** Rounds down, and hands out what that leaves. In whole numbers, so that equal remainders are equal. */
function shareUnits(users: readonly StockUser[], size: number, there: number, asked: number): void {
  let rest = there;
  const order = users.map((user, i) => {
    const product = there * user.counts[size]!;
    const remainder = product % asked;
    user.counts[size] = (product - remainder) / asked;
    rest -= user.counts[size];
    return { i, remainder };
  });
  order.sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of order.slice(0, rest)) users[i]!.counts[size]! += 1;
}
