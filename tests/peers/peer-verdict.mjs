// The verdict of npm's @apollo/composition on some subgraphs: accepted, with hint codes, or refused, with error codes.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

export const distinct = (codes) => [...new Set(codes)].sort();

/** The peer's verdict on `[{ name, sdl }]`, with its words. It throws rather than reports some findings; those have no code. */
export function peerVerdict(subgraphs) {
  try {
    const { errors = [], hints = [], supergraphSdl } = composeServices(subgraphs.map(({ name, sdl }) => ({
      name,
      url: `http://localhost/${name}`,
      typeDefs: parse(sdl),
    })));
    const findings = errors.length > 0
      ? errors.map((error) => ({ code: error.extensions?.code ?? 'UNCODED', message: error.message }))
      : hints.map((hint) => ({ code: hint.definition.code, message: hint.message }));
    return { accepts: errors.length === 0, codes: distinct(findings.map(({ code }) => code)), findings, supergraphSdl };
  } catch (error) {
    // A text that isn't GraphQL doesn't get as far as the peer.
    const code = error.extensions?.code ?? (error.name === 'GraphQLError' && /^Syntax Error/.test(error.message) ? 'INVALID_GRAPHQL' : 'UNCODED');
    return { accepts: false, codes: [code], findings: [{ code, message: error.message }] };
  }
}
