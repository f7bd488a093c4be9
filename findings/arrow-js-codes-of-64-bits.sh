#!/usr/bin/env bash
# apache-arrow 21.2.0 for JavaScript: a dictionary with 64-bit codes is read, printed as a type, and has no values.
#
# Expected: codes of a dictionary may have any integer type in Arrow, and pyarrow 25.0.1 writes them with 64 bits where it is told so
# (and reads its own back). Seen: the table and its schema come in, and every way to a value throws "Cannot mix BigInt and other types";
# 32-bit codes of the same stream are fine.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module"}\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts apache-arrow@21.2.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --retries 0 pyarrow==25.0.1 2>/dev/null

cat >write.py <<'PY'
import pyarrow as pa

words = pa.array(["DE", "FR"])
table = pa.table({f"int{bits}": pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], getattr(pa, f"int{bits}")()), words) for bits in [32, 64]})
with pa.ipc.new_stream("table.arrow", table.schema) as writer:
    writer.write_table(table)
with pa.ipc.open_stream("table.arrow") as reader:
    print("pyarrow", *reader.read_all()["int64"].to_pylist())
PY
cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';

const table = tableFromIPC(readFileSync('table.arrow'));
for (const { name, type } of table.schema.fields) {
  const ways = { get: (column) => column.get(0), toArray: (column) => column.toArray()[0], iterator: (column) => [...column][0] };
  for (const [way, read] of Object.entries(ways)) {
    let text;
    try {
      text = read(table.getChild(name));
    } catch (error) {
      text = `${error.name}: ${error.message}`;
    }
    console.log(String(type), way, text);
  }
}
JS

found=$(
  venv/bin/python write.py
  node read.mjs
)
printf '%s\n' "$found"
expected='pyarrow DE FR DE
Dictionary<Int32, Utf8> get DE
Dictionary<Int32, Utf8> toArray DE
Dictionary<Int32, Utf8> iterator DE
Dictionary<Int64, Utf8> get TypeError: Cannot mix BigInt and other types, use explicit conversions
Dictionary<Int64, Utf8> toArray TypeError: Cannot mix BigInt and other types, use explicit conversions
Dictionary<Int64, Utf8> iterator TypeError: Cannot mix BigInt and other types, use explicit conversions'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
