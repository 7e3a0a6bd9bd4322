// Checks dashboard files against Grafana's types: node check.js FILE... Each problem is a line "FILE:LINE: what"; the exit code is 1 when there is one.
'use strict';
const fs = require('fs');
const path = require('path');
const ts = require('typescript');

const options = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
};

// Stands before the JSON on its first line, so that line numbers stay as they are. A literal, unlike an imported module, may have nothing
// that its type has not.
const head = "import type { DashboardFile } from './dashboard'; export const dashboard: DashboardFile = ";

const files = new Map(process.argv.slice(2).map(file => [path.join(__dirname, `${path.basename(file)}.ts`), file]));
if (files.size === 0) throw new Error('No files.');

const host = ts.createCompilerHost(options);
const { readFile, fileExists, getSourceFile } = host;
const text = name => {
  const json = fs.readFileSync(files.get(name), 'utf8');
  JSON.parse(json);
  return head + json;
};
host.fileExists = name => files.has(name) || fileExists(name);
host.readFile = name => (files.has(name) ? text(name) : readFile(name));
host.getSourceFile = (name, ...rest) => (files.has(name) ? ts.createSourceFile(name, text(name), rest[0], true) : getSourceFile(name, ...rest));

const problems = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
for (const problem of problems) {
  const line = problem.file ? problem.file.getLineAndCharacterOfPosition(problem.start).line + 1 : 0;
  const name = problem.file ? files.get(problem.file.fileName) ?? problem.file.fileName : '';
  console.log(`${name}:${line}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
}

console.log(`${files.size} checked, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
