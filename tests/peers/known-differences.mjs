// Where our verdict differs from the peer's on purpose, or the peer's is no verdict: each rule sees both verdicts and says why
// they may differ. Rules are about kinds of cases, never about single ones; those have a folder with `peer.difference`.
export const KNOWN = [
];

/** The reason for a difference; null if there is none. */
export function reason(ours, peers, subgraphs) {
  return KNOWN.find(({ applies }) => applies({ ours, peers, subgraphs }))?.why ?? null;
}
