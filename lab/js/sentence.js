// What goes wrong is told in one sentence; anything else is a fault of the page's own.

export class Sentence extends Error {}

/** Return the sentence of what was thrown, whatever it is. */
export function told(error) {
  if (error instanceof Sentence) return error.message;
  console.error(error);
  return `This did not work (${String(error?.message ?? error).split("\n")[0].slice(0, 80)}): load the page again.`;
}
