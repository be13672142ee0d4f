/** A file that browsers get, and its compressed copies. */
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/**
 * `name` is how others ask for it (`public.css`), or null where only another asset refers to it; `file` is its name
 * under `dist/assets`.
 */
export type Asset = { readonly name: string | null; readonly file: string; readonly bytes: Uint8Array };

/** A file name that changes with the content, so that it may be cached for ever. */
export function hashedName(stem: string, extension: string, bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  return `${stem}-${hash}.${extension}`;
}

const COMPRESSIBLE = /\.(?:js|css|svg)$/;

/** Brotli (quality 11) and gzip copies of an asset, or none for what is already compressed. */
export function compressedCopies(asset: Asset): Asset[] {
  if (!COMPRESSIBLE.test(asset.file)) return [];
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: asset.bytes.length,
  };
  return [
    { name: null, file: `${asset.file}.br`, bytes: brotliCompressSync(asset.bytes, { params }) },
    { name: null, file: `${asset.file}.gz`, bytes: gzipSync(asset.bytes, { level: 9 }) },
  ];
}
