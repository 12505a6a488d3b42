/** Longest prefix of a run's name: Kubernetes allows 63, pods add suffixes. */
export const MAX_RUN_NAME = 52;
/** Longest DNS label (RFC 1123). */
export const MAX_LABEL = 63;

/** A DNS label (RFC 1123) from any text. A text that has to be cut gets a hash of the whole, so that two stay apart. */
export function dnsLabel(text: string, max: number): string {
  const label = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (label === '') return 'workflow';
  if (label.length <= max) return label;
  const suffix = `-${fnv1a(text)}`;
  return `${label.slice(0, max - suffix.length).replace(/-+$/, '')}${suffix}`;
}

/** FNV-1a, 32 bits, over UTF-16 units, as 8 hexadecimal digits (draft-eastlake-fnv). For names, not for security. */
export function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
