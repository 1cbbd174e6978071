// Where our verdict differs from the peer's on purpose, or the peer's is no verdict: each rule sees both verdicts and says why
// they may differ. Rules are about kinds of cases, never about single ones; those have a folder with `peer.difference`.
import { parse, print, visit } from 'graphql';
import { peerVerdict } from './peer-verdict.mjs';

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
    why: 'A field that others only provide composes with a warning (ARCHITECTURE.md, Decisions).',
    applies: ({ ours, peers }) => ours.accepts && peers.codes.join() === 'INVALID_FIELD_SHARING' && within(shared(peers), shared(ours)),
  },
  {
    why: 'A field that others only provide is no error, so that what cannot be answered is looked for; the peer stops before.',
    applies: ({ ours, peers, subgraphs }) =>
      ours.codes.join() === 'SATISFIABILITY_ERROR' && peers.codes.join() === 'INVALID_FIELD_SHARING'
      && shared(peers).every((coordinate) => onlyOneOwner(subgraphs, coordinate)),
  },
  {
    why: 'Fields and types that only routers ask for are not looked at, since no author need write them.',
    applies: ({ ours, subgraphs }) => {
      if (!written(subgraphs, /\b_(service|entities|Service|Entity|Any)\b/)) return false;
      const bare = withoutMachinery(subgraphs);
      const peers = peerVerdict(bare);
      const same = ours.accepts === peers.accepts && ours.codes.join() === peers.codes.join();
      return same || (text(bare) !== text(subgraphs) && reason(ours, peers, bare) !== null);
    },
  },
  {
    why: 'What only routers ask for is no type for a team\'s own fields.',
    applies: ({ ours }) => says(ours.findings, /cannot find type `_(Any|Entity|Service)`/),
  },
  {
    why: 'A fragment that can never apply is no GraphQL.',
    applies: ({ ours }) => says(ours.findings, /can never be of type/),
  },
  {
    why: 'A definition that libraries of federation 1 write may name its scalar without defining it.',
    applies: ({ peers }) => peers.findings.length > 0 && peers.findings.every(({ message }) => /Unknown type _FieldSet$/.test(message)),
  },
  {
    why: 'An object where others have an interface is told as that; the peer stumbles over what implements it.',
    applies: ({ ours, peers }) => ours.codes.includes('TYPE_KIND_MISMATCH') && says(peers.findings, /Cannot implement non-interface type/),
  },
  {
    why: 'The peer compares no defaults of an argument made required.',
    applies: ({ ours, subgraphs }) =>
      ours.codes.join() === 'DIRECTIVE_DEFINITION_INVALID' && ours.findings.every(({ message }) => /has another default value$/.test(message))
      && written(subgraphs, /resolvable: Boolean! = false/),
  },
  {
    why: 'The peer does not know @oneOf.',
    applies: ({ peers }) => says(peers.findings, /Unknown directive "@oneOf"/),
  },
];

const text = (subgraphs) => subgraphs.map(({ sdl }) => sdl).join('\n');

/** The fields that findings call resolved by several subgraphs without being shared. */
const shared = ({ findings }) => findings.flatMap(({ code, message }) => (code === 'INVALID_FIELD_SHARING' ? (/"([^"]+)"/.exec(message)?.slice(1) ?? []) : []));

/** Whether all subgraphs but one mark a field as external. */
function onlyOneOwner(subgraphs, coordinate) {
  const [type, field] = coordinate.split('.');
  let owners = 0;
  for (const { sdl } of subgraphs) {
    const types = parse(sdl).definitions.filter(({ name, fields }) => name?.value === type && fields);
    const external = ({ directives }) => directives.some(({ name }) => /^(federation__)?external$/.test(name.value));
    const own = (definition) => definition.fields.some((candidate) => candidate.name.value === field && !external(candidate) && !external(definition));
    owners += types.some(own) ? 1 : 0;
  }
  return owners === 1;
}

/** The same subgraphs without what only routers ask for. */
function withoutMachinery(subgraphs) {
  const drop = (node) => (/^_(Service|Entity|Any)$/.test(node.name.value) ? null : undefined);
  const type = (node) => (drop(node) === null || (node.name.value === 'Query' && node.fields?.length === 0) ? null : undefined);
  return subgraphs.map(({ name, sdl }) => ({
    name,
    sdl: print(visit(parse(sdl), {
      FieldDefinition: (node) => (/^_(service|entities)$/.test(node.name.value) ? null : undefined),
      ScalarTypeDefinition: drop, ScalarTypeExtension: drop, UnionTypeDefinition: drop, UnionTypeExtension: drop,
      ObjectTypeDefinition: { leave: type }, ObjectTypeExtension: { leave: type },
    })),
  }));
}

/** The reason for a difference; null if there is none. */
export function reason(ours, peers, subgraphs) {
  return KNOWN.find(({ applies }) => applies({ ours, peers, subgraphs }))?.why ?? null;
}
