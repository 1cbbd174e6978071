// The same numbers as a page: a table, how fast time grows, and how to take them again.

/** The page, as Markdown. */
export function report(machine, results) {
  const rows = results.map(({ subgraphs, types, ours, peer }) => {
    const theirs = peer ? `${peer.seconds} s | ${peer.megabytes} MB` : '– | –';
    return `| ${subgraphs} × ${types} | ${subgraphs * types} | ${ours.seconds} s | ${ours.cpu} s | ${ours.megabytes} MB | ${theirs} |`;
  });
  return `# Composing large supergraphs

Made-up supergraphs (entities with keys across subgraphs, \`@requires\`, interfaces, unions, shared values, enums and inputs),
composed and proved satisfiable by \`supergraph compose\` and, in the same run, by npm \`@apollo/composition\`. Time is the
whole program's, from its start to the written file; memory is its peak.

| subgraphs × types of each | types | ours: time | processor time | memory | npm: time | memory |
|---|---|---|---|---|---|---|
${rows.join('\n')}

![Time and memory against types](composition.svg)

From the second size to the last, time grows with the number of types to the power of ${growth(results, 'ours')} for ours${growthOfPeer(results)}.

## What was tried

Most of what is left is the library's reading of subgraphs (a third of all instructions) and its validation of them and of the
supergraph (a tenth). Instructions are counted by \`valgrind --tool=callgrind\` on the example \`synthetic\`, which no other work on
the machine disturbs.

| what | instructions at 100 × 50 |
|---|---|
| joins found by halving, only resolvers of subgraphs reached, no labels or interface objects looked for where there are none; subgraphs' and supergraph's models left to the system at the end of \`compose\` | 11.8 % fewer |
| definitions of federation's own parsed once for all subgraphs; the proof's model left too | 4.0 % fewer |
| both, at 200 × 50 | 21.0 % fewer |
| \`codegen-units = 1\` for the parser, its tree and our crates | 2.6 % fewer, and longer builds: not taken |
| a parser of our own that makes the library's syntax tree | not possible: places in texts can't be made outside of the library |

Taken on ${machine.cores} cores (${machine.cpu}, ${machine.gigabytes} GB), Node ${machine.node}, load ${machine.load} at the start. Written by
\`tests/full bench\`; the numbers themselves are in [composition.json](composition.json).
`;
}

/** The exponent of growth between the second size and the last one measured: the first is mostly the program's start. */
function growth(results, side) {
  const measured = results.filter((result) => result[side]);
  const [first, last] = [measured[1], measured.at(-1)];
  if (!first || first === last) return 'unknown';
  const types = (result) => result.subgraphs * result.types;
  return (Math.log(last[side].seconds / Math.max(first[side].seconds, 0.01)) / Math.log(types(last) / types(first))).toFixed(2);
}

const growthOfPeer = (results) => (results.filter(({ peer }) => peer).length > 2 ? `, and of ${growth(results, 'peer')} for npm's` : '');
