// Where our verdict differs from the peer's on purpose, or the peer's is no verdict: each rule sees both verdicts and says why
// they may differ. Rules are about kinds of cases, never about single ones; those have a folder with `peer.difference`.
const within = (some, all) => some.every((code) => all.includes(code));
const says = (findings, text) => findings.some(({ message }) => text.test(message));
const written = (subgraphs, text) => subgraphs.some(({ sdl }) => text.test(sdl));
const LINKS = /^(INVALID_LINK_DIRECTIVE_USAGE|INVALID_LINK_IDENTIFIER|UNKNOWN_FEDERATION_LINK_VERSION|UNKNOWN_LINK_VERSION|UNSUPPORTED_FEATURE)$/;

export const KNOWN = [
  {
    why: 'The peer throws an error without a code.',
    applies: ({ peers }) => peers.codes.includes('UNCODED'),
  },
  {
    why: 'Ours reports the findings of all rules within subgraphs at once; the peer stops at the first kind of them.',
    applies: ({ ours, peers }) => !ours.accepts && !peers.accepts && within(peers.codes, ours.codes),
  },
  {
    why: 'What a subgraph that cannot be read has of directives is not known: ours says nothing more of it.',
    applies: ({ ours, peers }) => !ours.accepts && !peers.accepts && ours.codes.some((code) => LINKS.test(code)),
  },
  {
    why: 'A type of two kinds is told as that alone; the peer goes on with it as if it were of one.',
    applies: ({ ours, peers }) => ours.codes.includes('TYPE_KIND_MISMATCH') && peers.codes.includes('TYPE_KIND_MISMATCH'),
  },
  {
    why: 'A field that others only provide composes with a warning (ARCHITECTURE.md, Decisions).',
    applies: ({ peers, subgraphs }) => peers.codes.includes('INVALID_FIELD_SHARING') && written(subgraphs, /@provides/),
  },
  {
    why: 'A provided object is one of the subgraph\'s own: its other fields can be asked there too.',
    applies: ({ ours, peers, subgraphs }) =>
      ours.accepts && peers.codes.join() === 'SATISFIABILITY_ERROR' && written(subgraphs, /@provides/),
  },
  {
    why: 'What is never null fits a non-null argument; the peer takes every selection of a context for nullable.',
    applies: ({ peers }) => says(peers.findings, /the type of the selection ".*" does not match the expected type/),
  },
  {
    why: 'A field that a wrong field set names counts as used, so that its fault is told once.',
    applies: ({ ours, peers }) => !ours.accepts && !peers.accepts && within(peers.codes, [...ours.codes, 'EXTERNAL_UNUSED']),
  },
  {
    why: 'A scalar of federation that is something else leaves nothing to be said of the directives that take it.',
    applies: ({ ours, peers }) => ours.codes.includes('TYPE_DEFINITION_INVALID') && peers.codes.includes('TYPE_DEFINITION_INVALID'),
  },
  {
    why: 'Fields and types that only routers ask for are not looked at, since no author need write them.',
    applies: ({ ours, peers, subgraphs }) => ours.accepts !== peers.accepts && written(subgraphs, /_service|_entities/),
  },
  {
    why: 'The peer does not know @oneOf.',
    applies: ({ peers }) => says(peers.findings, /Unknown directive "@oneOf"/),
  },
];

/** The reason for a difference; null if there is none. */
export function reason(ours, peers, subgraphs) {
  return KNOWN.find(({ applies }) => applies({ ours, peers, subgraphs }))?.why ?? null;
}
