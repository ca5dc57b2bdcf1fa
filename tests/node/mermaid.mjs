// [text of a chart, ...] on stdin -> what Mermaid reads in each, [[section, task, is late, first day, day behind the last], ...], as JSON on stdout.
import { readFileSync } from 'node:fs';
import mermaid from 'mermaid';

await mermaid.parse('pie\n "a": 1').catch(() => 0); // makes it know its kinds of charts
const day = (date) => new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
const read = [];
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  read.push(db.getTasks().map((one) => [one.section, one.task.trim(), Boolean(one.crit), day(one.startTime), day(one.endTime)]));
}
process.stdout.write(JSON.stringify(read));
