/** A text of others for a terminal: without control characters and without those that turn the direction of writing. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}
