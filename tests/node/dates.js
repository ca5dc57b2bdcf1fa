// [[day, format, language], ...] on stdin -> the days as Moment writes them, as JSON on stdout.
const moment = require('moment');
require('moment/min/locales');
const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(asked.map(([day, format, language]) => moment(day).locale(language).format(format))));
