// Draws what a recorded terminal shows in the end, as an SVG. docs/first-run.svg is made so, of the run that README describes:
//
//   (cd eng/terminal-picture && npm ci)
//   script -qec "stty cols 84 rows 60; ./genq run docs dotnet:System.Text.Json … -o runs/first" run.typescript
//   node eng/terminal-picture/draw.mjs run.typescript 84 docs/first-run.svg "A run of GenQ in a terminal" "./genq run docs dotnet:System.Text.Json … -o runs/first"
//
// The last argument is the line that was typed. The recording goes through xterm.js, so that the picture shows what a terminal shows.
import { readFileSync, writeFileSync } from "node:fs";
import xterm from "@xterm/headless";

const LINE = 18, CELL = 7.83, LEFT = 18, TOP = 46, ROWS = 400;
const PLAIN = "#e6edf3", DIM = "#8b949e";
const COLOURS = { 1: "#ff7b72", 2: "#7ee787", 3: "#f2cc60", 4: "#79c0ff", 9: "#ff7b72", 10: "#7ee787", 11: "#f2cc60", 12: "#79c0ff" };

const [recording, columns, picture, title, typed] = process.argv.slice(2);
const terminal = new xterm.Terminal({ cols: Number(columns), rows: ROWS, convertEol: true, allowProposedApi: true });
// The recorder's own first and last line are no part of what was shown.
const bytes = readFileSync(recording, "utf8").replace(/^Script started.*\n/, "").replace(/\n*Script done.*\n?$/, "");
await new Promise(written => terminal.write(bytes, written));

const escape = text => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
  // Browsers do not agree on when a picture keeps its spaces.
  .replaceAll(" ", "\u00a0");

function piecesOf(line) {
  const pieces = [];
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line.getCell(x);
    if (cell.getWidth() === 0) continue;
    const look = { fill: cell.isDim() ? DIM : COLOURS[cell.isFgDefault() ? -1 : cell.getFgColor()] ?? PLAIN, bold: cell.isBold() > 0 };
    const last = pieces.at(-1);
    if (last?.fill === look.fill && last.bold === look.bold) last.text += cell.getChars() || " ";
    else pieces.push({ ...look, text: cell.getChars() || " " });
  }
  while (pieces.length > 0 && pieces.at(-1).text.trim() === "") pieces.pop();
  if (pieces.length > 0) pieces.at(-1).text = pieces.at(-1).text.trimEnd();
  return pieces;
}

const lines = Array.from({ length: ROWS }, (_, y) => piecesOf(terminal.buffer.active.getLine(y)));
while (lines.length > 0 && lines.at(-1).length === 0) lines.pop();
lines.unshift([{ text: "$ ", fill: DIM }, { text: typed, fill: PLAIN }]);
const width = Math.round(2 * LEFT + CELL * terminal.cols), height = TOP + LINE * lines.length;
const rows = lines.map((line, i) => `<text x="${LEFT}" y="${TOP + LINE * i}">`
  + line.map(piece => `<tspan fill="${piece.fill}"${piece.bold ? ' font-weight="bold"' : ""}>${escape(piece.text)}</tspan>`).join("") + "</text>");
writeFileSync(picture, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t"><title id="t">${escape(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="16" r="5" fill="#ff7b72"/><circle cx="38" cy="16" r="5" fill="#f2cc60"/><circle cx="56" cy="16" r="5" fill="#7ee787"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="13">
${rows.join("\n")}
</g></svg>
`);
process.exit(0);
