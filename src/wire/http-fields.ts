/**
 * The message `AttributeContext.HttpRequest`: what one HTTP request looks like to Envoy.
 *
 * @module
 */
import { HeaderCollector } from "./header-collector.ts";
import type { HeaderSelection } from "./header-selection.ts";
import { bytesTag, type Reader, WIRE_VARINT } from "./reader.ts";

/** What was read so far; a repeated message is read into the same fields. */
export interface HttpFields {
  method: string;
  path: string;
  host: string;
  scheme: string;
  /** Positions of `body` and `raw_body` in the message. */
  bodyStart: number;
  bodyEnd: number;
  rawBodyStart: number;
  rawBodyEnd: number;
  sizeBytes: number;
  map: HeaderCollector | undefined;
  list: HeaderCollector | undefined;
}

const ID = bytesTag(1);
const METHOD = bytesTag(2);
const HEADERS = bytesTag(3);
const PATH = bytesTag(4);
const HOST = bytesTag(5);
const SCHEME = bytesTag(6);
const QUERY = bytesTag(7);
const FRAGMENT = bytesTag(8);
const SIZE = 9 * 8 + WIRE_VARINT;
const PROTOCOL = bytesTag(10);
const BODY = bytesTag(11);
const RAW_BODY = bytesTag(12);
const HEADER_MAP = bytesTag(13);
const HEADER_MAP_HEADERS = bytesTag(1);

export function newHttpFields(): HttpFields {
  return {
    method: "",
    path: "",
    host: "",
    scheme: "",
    bodyStart: 0,
    bodyEnd: 0,
    rawBodyStart: 0,
    rawBodyEnd: 0,
    sizeBytes: 0,
    map: undefined,
    list: undefined,
  };
}

/** Reads one HttpRequest, whose length comes next. */
export function readHttpFields(reader: Reader, http: HttpFields, selection: HeaderSelection): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case HEADER_MAP:
        http.list ??= new HeaderCollector(selection, false);
        readHeaderMap(reader, http.list);
        break;
      case HEADERS:
        http.map ??= new HeaderCollector(selection, true);
        http.map.readEntry(reader);
        break;
      case METHOD:
        http.method = reader.text();
        break;
      case PATH:
        http.path = reader.text();
        break;
      case HOST:
        http.host = reader.text();
        break;
      case SCHEME:
        http.scheme = reader.text();
        break;
      default:
        readOther(reader, http, tag);
    }
  }
  reader.leave(outerEnd);
}

/** Body, size, and the strings that nobody reads. */
function readOther(reader: Reader, http: HttpFields, tag: number): void {
  switch (tag) {
    case RAW_BODY:
      http.rawBodyStart = reader.skipBytes();
      http.rawBodyEnd = reader.at;
      break;
    case BODY:
      http.bodyStart = reader.skipText();
      http.bodyEnd = reader.at;
      break;
    case SIZE:
      http.sizeBytes = reader.count();
      break;
    case ID:
    case QUERY:
    case FRAGMENT:
    case PROTOCOL:
      reader.skipText();
      break;
    default:
      reader.skip(tag);
  }
}

function readHeaderMap(reader: Reader, list: HeaderCollector): void {
  const outerEnd = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === HEADER_MAP_HEADERS) list.readEntry(reader);
    else reader.skip(tag);
  }
  reader.leave(outerEnd);
}
