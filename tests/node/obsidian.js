// What Tasks takes from Obsidian when it is loaded. None of it is called here.
class Nothing {}
module.exports = new Proxy({}, { get: (_, name) => (name === 'moment' ? require('moment') : Nothing) });
