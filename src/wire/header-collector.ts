/**
 * Headers of one CheckRequest in one of Envoy's two forms: the list (`header_map`) keeps duplicates,
 * the map (`headers`) has one joined value for each key. All entries are measured, the selected ones
 * become strings.
 *
 * @module
 */
import { type HeaderSelection, selectedName } from "./header-selection.ts";
import { bytesTag, type Reader } from "./reader.ts";

export interface WireHeader {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** False when a raw value is not UTF-8; `value` is empty then. */
  readonly isUtf8: boolean;
}

/** Map entry {key, value} and HeaderValue {key, value, raw_value} share their numbers. */
const KEY = bytesTag(1);
const VALUE = bytesTag(2);
const RAW_VALUE = bytesTag(3);

const COLON = 0x3a;

export class HeaderCollector {
  readonly headers: WireHeader[] = [];
  readonly isMap: boolean;
  count = 0;
  bytes = 0;
  nameBytesMax = 0;
  valueBytesMax = 0;
  readonly #selection: HeaderSelection;
  /** Exact key of a map entry → its place in `headers`. */
  readonly #places: Map<string, number> | undefined;

  constructor(selection: HeaderSelection, isMap: boolean) {
    this.#selection = selection;
    this.isMap = isMap;
    this.#places = isMap ? new Map() : undefined;
  }

  /** Reads one entry, whose length comes next. */
  readEntry(reader: Reader): void {
    let keyStart = 0;
    let keyEnd = 0;
    let valueStart = 0;
    let valueEnd = 0;
    let rawStart = 0;
    let rawEnd = 0;
    const outerEnd = reader.enter();
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      if (tag === KEY) {
        keyStart = reader.skipText();
        keyEnd = reader.at;
      } else if (tag === RAW_VALUE && !this.isMap) {
        rawStart = reader.skipBytes();
        rawEnd = reader.at;
      } else if (tag === VALUE) {
        valueStart = reader.skipText();
        valueEnd = reader.at;
      } else reader.skip(tag);
    }
    reader.leave(outerEnd);

    // Pseudo headers are no headers: path, method and host have fields of their own.
    if (keyEnd > keyStart && reader.bytes[keyStart] === COLON) return;
    if (rawEnd > rawStart) this.#take(reader, keyStart, keyEnd, rawStart, rawEnd);
    else this.#take(reader, keyStart, keyEnd, valueStart, valueEnd);
  }

  #take(
    reader: Reader,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
  ): void {
    const nameBytes = keyEnd - keyStart;
    const valueBytes = valueEnd - valueStart;
    this.count++;
    this.bytes += nameBytes + valueBytes;
    if (nameBytes > this.nameBytesMax) this.nameBytesMax = nameBytes;
    if (valueBytes > this.valueBytesMax) this.valueBytesMax = valueBytes;

    const { bytes } = reader;
    const name = selectedName(this.#selection, bytes, keyStart, keyEnd);
    if (name === undefined) return;
    const value = reader.decoded(valueStart, valueEnd);
    const header = { name, value: value ?? "", isUtf8: value !== undefined };
    if (this.#places === undefined) this.headers.push(header);
    else this.#put(this.#places, bytes.utf8Slice(keyStart, keyEnd), header);
  }

  /** The last entry of a key wins. Keys that differ in case are two headers. */
  #put(places: Map<string, number>, key: string, header: WireHeader): void {
    const place = places.get(key);
    if (place === undefined) {
      places.set(key, this.headers.length);
      this.headers.push(header);
    } else this.headers[place] = header;
  }
}
