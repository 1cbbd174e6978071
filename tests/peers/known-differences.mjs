// Where our verdict differs from the peer's on purpose, or the peer's is no verdict: each rule sees both verdicts and says why
// they may differ. Rules are about kinds of cases, never about single ones; those have a folder with `peer.difference`.
import { parse, print, visit } from 'graphql';
import { masked } from './masked.mjs';
import { distinct, peerVerdict } from './peer-verdict.mjs';

const within = (some, all) => some.every((code) => all.includes(code));
const says = (findings, text) => findings.some(({ message }) => text.test(message));
const written = (subgraphs, text) => subgraphs.some(({ sdl }) => text.test(sdl));
const LINKS = /^(INVALID_LINK_DIRECTIVE_USAGE|INVALID_LINK_IDENTIFIER|UNKNOWN_FEDERATION_LINK_VERSION|UNKNOWN_LINK_VERSION|UNSUPPORTED_FEATURE)$/;

/** Findings on what an author writes out of the link specification itself. */
const OF_LINK = /Invalid definition for (directive "@(link|core)"|type "\w*(Purpose|Import)")|Unknown version .* of the link specification/;
/** In which of its phases the peer finds something: the schema as GraphQL, a rule within a subgraph, or one between them. */
function phase(code) {
  if (LINKS.test(code) || /^(INVALID_GRAPHQL|INVALID_SUBGRAPH_NAME|ROOT_\w+_USED|(TYPE|DIRECTIVE)_DEFINITION_INVALID)$/.test(code)) return 0;
  return /^(KEY|PROVIDES|REQUIRES|EXTERNAL|CONTEXT|NO_CONTEXT|AUTH|COST|LIST_SIZE|INTERFACE_KEY_NOT|INVALID_SHAREABLE)/.test(code) ? 1 : 2;
}

/** The phase that the peer does not go beyond. An extension of federation 1 without a base ends a subgraph's own rules. */
const stopped = (code) => (code === 'EXTENSION_WITH_NO_BASE' ? 1 : phase(code));

const extra = (some, others) => some.findings.filter(({ code }) => !others.codes.includes(code));
const equal = (ours, peers) => ours.accepts === peers.accepts && ours.codes.join() === peers.codes.join();

/** Whether all that ours finds and the peer doesn't is only masked there. */
const maskedThere = async ({ ours, peers, subgraphs, composer }) =>
  !ours.accepts && !peers.accepts && all(extra(ours, peers), (finding) => masked(finding, subgraphs, composer.verdict, peerVerdict));

/** Whether all that either finds and the other doesn't is only masked there. */
const maskedEither = async (difference) =>
  await maskedThere(difference) && all(extra(difference.peers, difference.ours),
    (finding) => masked(finding, difference.subgraphs, peerVerdict, difference.composer.verdict));

async function all(list, holds) {
  for (const item of list) if (!await holds(item)) return false;
  return true;
}

/** In order: a reason that says less is not looked at where one before it holds. */
export const KNOWN = [
  {
    why: 'The peer throws an error without a code.',
    applies: ({ peers }) => peers.codes.includes('UNCODED'),
  },
  {
    why: 'Ours reports the findings of all rules at once; the peer stops at the first kind of them, and tells the others once those are mended.',
    applies: async (difference) => within(difference.peers.codes, difference.ours.codes) && maskedThere(difference),
  },
  {
    why: 'What a subgraph that cannot be read has of directives is not known: ours says nothing more of it until it can be.',
    applies: async (difference) => difference.ours.codes.some((code) => LINKS.test(code)) && maskedEither(difference),
  },
  {
    why: 'A type of two kinds is told as that alone until it is of one.',
    applies: async (difference) => difference.ours.codes.includes('TYPE_KIND_MISMATCH') && maskedEither(difference),
  },
  {
    why: 'A field that a wrong field set names counts as used, so that its fault is told once.',
    applies: async (difference) =>
      difference.ours.codes.some((code) => /_INVALID_FIELDS$/.test(code))
      && extra(difference.peers, difference.ours).every(({ code }) => /^(EXTERNAL_UNUSED|TYPE_WITH_ONLY_UNUSED_EXTERNAL)$/.test(code))
      && maskedEither(difference),
  },
  {
    why: 'As above, but no mending shows it: what ours reports beside is of rules that the peer asks no earlier than those that it stopped at.',
    applies: ({ ours, peers }) =>
      !ours.accepts && !peers.accepts && within(peers.codes, ours.codes)
      && Math.min(...extra(ours, peers).map(({ code }) => phase(code))) >= Math.max(...peers.codes.map(stopped)),
  },
  {
    why: 'As above, but no mending shows it: the peer says more of a subgraph that cannot be read, or of a type that is something else, than what ours says of it.',
    applies: ({ ours, peers }) =>
      !ours.accepts && !peers.accepts && within(ours.codes, peers.codes)
      && ours.codes.some((code) => LINKS.test(code) || /^(TYPE_DEFINITION_INVALID|DIRECTIVE_DEFINITION_INVALID|TYPE_KIND_MISMATCH)$/.test(code)),
  },
  {
    why: 'What is never null fits a non-null argument; the peer takes every selection of a context for nullable.',
    applies: ({ peers }) => says(peers.findings, /the type of the selection ".*" does not match the expected type/),
  },
  {
    why: 'A field that others only provide composes with a warning (ARCHITECTURE.md, Decisions); the peer refuses it.',
    applies: async ({ ours, peers, subgraphs, composer }) => {
      const provided = (finding) => finding.code === 'INVALID_FIELD_SHARING' && shared({ findings: [finding] }).every((coordinate) => onlyOneOwner(subgraphs, coordinate));
      if (peers.accepts || !peers.findings.some(provided)) return false;
      const remaining = peers.findings.filter((finding) => !provided(finding));
      // The peer doesn't look for what cannot be answered where it found this.
      if (remaining.length === 0) return ours.accepts || ours.codes.join() === 'SATISFIABILITY_ERROR';
      const others = { accepts: false, findings: remaining, codes: distinct(remaining.map(({ code }) => code)) };
      return equal(ours, others) || (await reason(ours, others, subgraphs, composer)) !== null;
    },
  },
  {
    why: 'The query that the peer says cannot be answered has a plan that is proved sound.',
    applies: async ({ ours, peers, subgraphs, composer }) =>
      ours.accepts && peers.codes.join() === 'SATISFIABILITY_ERROR'
      && all(peers.findings, ({ message }) => composer.answers(subgraphs, unanswered(message))),
  },
  {
    why: 'An interface object that nothing implements is worth a warning; the peer has none.',
    applies: ({ ours, peers }) =>
      ours.accepts && peers.accepts && ours.codes.filter((code) => code !== 'INTERFACE_OBJECT_NOT_IMPLEMENTED').join() === peers.codes.join(),
  },
  {
    why: 'Fields and types that only routers ask for are not looked at, since no author need write them.',
    applies: async ({ ours, subgraphs, composer }) => {
      if (!written(subgraphs, /\b_(service|entities|Service|Entity|Any)\b/)) return false;
      const bare = withoutMachinery(subgraphs);
      const peers = peerVerdict(bare);
      return equal(ours, peers) || (text(bare) !== text(subgraphs) && (await reason(ours, peers, bare, composer)) !== null);
    },
  },
  {
    why: 'What only routers ask for is no type for a team\'s own fields.',
    applies: ({ ours }) => says(ours.findings, /cannot find type `_(Any|Entity|Service)`/),
  },
  {
    why: 'A definition that an author writes out may name federation\'s scalars without defining them.',
    applies: async ({ ours, peers, subgraphs, composer }) => {
      const missing = peers.findings.map(({ message }) => /^\[(\w+)\] Unknown type (_FieldSet|\w+__\w+)$/.exec(message));
      if (missing.length === 0 || missing.includes(null)) return false;
      const whole = subgraphs.map(({ name, sdl }) => {
        const own = missing.filter(([, subgraph]) => subgraph === name).map(([, , scalar]) => `\nscalar ${scalar}`);
        return { name, sdl: sdl + [...new Set(own)].join('') };
      });
      const others = peerVerdict(whole);
      return equal(ours, others) || (await reason(ours, others, whole, composer)) !== null;
    },
  },
  {
    why: 'A fragment that can never apply is no GraphQL.',
    applies: ({ ours }) => says(ours.findings, /can never be of type/),
  },
  {
    why: 'GraphQL forbids a directive on what its own definition names; the peer does not look.',
    applies: ({ ours }) => ours.findings.length > 0 && ours.findings.every(({ message }) => /directive definition cannot reference itself$/.test(message)),
  },
  {
    why: 'GraphQL forbids an extension to repeat a value of the enum; the peer does not look.',
    applies: ({ ours, subgraphs }) =>
      ours.findings.length > 0 && ours.findings.every(({ message }) => /duplicate definitions for the `\w+` value of enum type/.test(message))
      && written(subgraphs, /extend enum/),
  },
  {
    why: 'GraphQL forbids a selection on what has no fields; the peer takes one of fragments alone.',
    applies: ({ ours, subgraphs }) =>
      ours.findings.length > 0 && ours.findings.every(({ message }) => /must not have a selection/.test(message)) && written(subgraphs, /\{ \.\.\. on /),
  },
  {
    why: 'GraphQL forbids an object without a selection; the peer takes it if the same set selects from it, too.',
    applies: ({ ours, subgraphs }) =>
      ours.findings.length > 0 && ours.findings.every(({ message }) => /must have a selection of subfields$/.test(message))
      && ours.findings.every(({ message }) => besideItsSelection(message)),
  },
  {
    why: 'GraphQL lets its own scalars be extended like any other; the peer does not.',
    applies: ({ ours, peers }) =>
      !ours.codes.includes('INVALID_GRAPHQL') && peers.findings.length > 0 && peers.findings.every(({ message }) => /Cannot extend built-in type/.test(message)),
  },
  {
    why: 'GraphQL refuses a directive where its definition does not allow it; the peer does not look at that of input extensions.',
    applies: ({ ours, peers, subgraphs }) =>
      ours.codes.join() === 'INVALID_GRAPHQL' && ours.findings.every(({ message }) => /fromContext directive is not supported for INPUT_FIELD_DEFINITION location$/.test(message))
      && peers.codes.join() === 'CONTEXT_NOT_SET' && written(subgraphs, /extend input/),
  },
  {
    why: 'A specification is known by its URL, and its own definition is held to it; the peer takes one that differs for another directive, or does not look at types under imported names.',
    applies: ({ ours, subgraphs }) =>
      ours.findings.some(({ message }) => OF_LINK.test(message)) && written(subgraphs, /directive @(link|core)\(/)
      && ours.findings.every(({ code, message }) => OF_LINK.test(message) || code === 'INVALID_GRAPHQL'),
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

/** The query of a finding, with `__typename` where more would follow. */
const unanswered = (message) => /^The following supergraph API query:\n([\s\S]*?)\ncannot be satisfied/.exec(message)?.[1].replaceAll('...', '__typename') ?? '';

/** Whether the field that a finding on a field set is about stands in the set with a selection, too. */
function besideItsSelection(message) {
  const [, set, field] = /\(fields: "([^"]*)"\): field "\w+\.(\w+)"/.exec(message) ?? [];
  return set !== undefined && new RegExp(`\\b${field}\\s*\\{`).test(set);
}

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
export async function reason(ours, peers, subgraphs, composer) {
  for (const { why, applies } of KNOWN) if (await applies({ ours, peers, subgraphs, composer })) return why;
  return null;
}
