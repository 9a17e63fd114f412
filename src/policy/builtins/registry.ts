/**
 * Every builtin that a policy may call, by OPA's name: one registry for both engines.
 *
 * @module
 */

import { AGGREGATES } from "./aggregates.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { ARRAYS } from "./arrays.ts";
import { BITS } from "./bits.ts";
import type { BuiltinFunction, BuiltinTable } from "./builtin.ts";
import { COMPARISON } from "./comparison.ts";
import { CRYPTO } from "./crypto.ts";
import { ENCODING } from "./encoding.ts";
import { GLOB } from "./glob.ts";
import { GRAPH } from "./graph.ts";
import { JSON_PATCH } from "./json-patch.ts";
import { JSON_PATHS } from "./json-paths.ts";
import { JSON_TEXT } from "./json-text.ts";
import { JWT } from "./jwt.ts";
import { MEMBERS } from "./members.ts";
import { NET_CIDR } from "./net-cidr.ts";
import { NUMBERS } from "./numbers.ts";
import { OBJECTS } from "./objects.ts";
import { REGEX } from "./regex.ts";
import { SEMVER } from "./semver.ts";
import { SETS } from "./sets.ts";
import { SPRINTF } from "./sprintf.ts";
import { STRINGS } from "./strings.ts";
import { TEMPLATES } from "./templates.ts";
import { TIME } from "./time.ts";
import { TYPES } from "./types.ts";
import { UNITS } from "./units.ts";
import { URI } from "./uri.ts";
import { URL_QUERY } from "./url-query.ts";
import { UUID } from "./uuid.ts";
import { YAML } from "./yaml.ts";

const TABLES: readonly BuiltinTable[] = [
  AGGREGATES,
  ARITHMETIC,
  ARRAYS,
  BITS,
  COMPARISON,
  CRYPTO,
  ENCODING,
  GLOB,
  GRAPH,
  JSON_PATCH,
  JSON_PATHS,
  JSON_TEXT,
  JWT,
  MEMBERS,
  NET_CIDR,
  NUMBERS,
  OBJECTS,
  REGEX,
  SEMVER,
  SETS,
  SPRINTF,
  STRINGS,
  TEMPLATES,
  TIME,
  TYPES,
  UNITS,
  URI,
  URL_QUERY,
  UUID,
  YAML,
];

export const BUILTINS: ReadonlyMap<string, BuiltinFunction> = new Map(
  TABLES.flatMap((table) => Object.entries(table)),
);
