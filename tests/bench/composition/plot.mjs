// Draws time and memory against the number of types, all axes logarithmic: a straight line at 45 degrees is linear growth.
const PANEL = { width: 400, height: 380, left: 64, top: 56, bottom: 330, right: 384 };
const TYPES = [100, 1000, 10000];
const SIDES = [['ours', '#1f6f8b', 'supergraph compose'], ['peer', '#b5482a', 'npm @apollo/composition']];

/** The whole picture: time on the left, memory on the right. */
export function plot(results) {
  const time = panel(results, 'seconds', [0.01, 0.1, 1, 10, 100], (value) => `${value} s`, 'Time');
  const memory = panel(results, 'megabytes', [10, 100, 1000, 10000], (value) => (value < 1000 ? `${value} MB` : `${value / 1000} GB`), 'Peak memory');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * PANEL.width} ${PANEL.height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${time}
<g transform="translate(${PANEL.width} 0)">
${memory}
</g>
</svg>
`;
}

function panel(results, measure, ticks, label, title) {
  const scale = (value, [low, high], [from, to]) => from + ((Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))) * (to - from);
  const x = (types) => scale(types, [TYPES[0], TYPES.at(-1)], [PANEL.left, PANEL.right]);
  const y = (value) => scale(Math.max(value, ticks[0]), [ticks[0], ticks.at(-1)], [PANEL.bottom, PANEL.top]);
  const across = TYPES.map((types) => `<line x1="${at(x(types))}" x2="${at(x(types))}" y1="${PANEL.top}" y2="${PANEL.bottom}" stroke="#ddd"/><text x="${at(x(types))}" y="${PANEL.bottom + 18}" text-anchor="middle">${types}</text>`);
  const up = ticks.map((tick) => `<line x1="${PANEL.left}" x2="${PANEL.right}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="#ddd"/><text x="${PANEL.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${label(tick)}</text>`);
  const lines = SIDES.map(([side, colour, name], index) => {
    const points = results.filter((result) => result[side]).map((result) => [at(x(result.subgraphs * result.types)), at(y(result[side][measure]))]);
    const dots = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`).join('');
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => point.join(',')).join(' ')}"/>${dots}
<text x="${PANEL.left + 8}" y="${PANEL.top + 14 + 16 * index}" fill="${colour}">${name}</text>`;
  });
  return `<text x="${PANEL.left}" y="30" font-size="15">${title} of composing, against types</text>
${across.join('\n')}
${up.join('\n')}
${lines.join('\n')}
<text x="${(PANEL.left + PANEL.right) / 2}" y="${PANEL.height - 12}" text-anchor="middle">types</text>`;
}

const at = (value) => +value.toFixed(1);
