// YAML on stdin -> what Obsidian's parser makes of it, as JSON on stdout.
process.stdout.write(JSON.stringify(require('yaml').parse(require('node:fs').readFileSync(0, 'utf8'))));
