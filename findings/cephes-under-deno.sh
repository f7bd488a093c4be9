#!/usr/bin/env bash
# cephes 3.3.3 as an ES module cannot be imported under Deno 2.9.6: "that.write is not a function".
#
# Expected: what Node imports, Deno imports. Seen: the module brings a buffer of its own along, which becomes one by setting
# `__proto__` of a Uint8Array; under Deno that makes an own property and changes no prototype, so that its methods are missing and
# the WebAssembly is not decoded. The package's CommonJS file, which uses the runtime's Buffer, works in both.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module"}\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cephes@3.3.3 deno@2.9.6 >/dev/null

cat >module.mjs <<'JS'
import * as cephes from 'cephes';
await cephes.compiled;
console.log(cephes.lgam(5).toFixed(6));
JS
cat >common.mjs <<'JS'
import { createRequire } from 'node:module';
const cephes = createRequire(import.meta.url)('cephes');
await cephes.compiled;
console.log(cephes.lgam(5).toFixed(6));
JS

expect() { # WHAT EXPECTED FOUND
  printf '%s: %s\n' "$1" "$3"
  if [ "$2" != "$3" ]; then
    printf 'changed: expected %s\n' "$2" >&2
    exit 1
  fi
}
deno() { node_modules/.bin/deno run --allow-all "$1" 2>&1 || true; }

expect 'Node, ES module' 3.178054 "$(node module.mjs)"
expect 'Deno, CommonJS' 3.178054 "$(deno common.mjs)"
expect 'Deno, ES module' 'that.write is not a function' "$(deno module.mjs | grep -o 'that.write is not a function' | head -n 1)"
