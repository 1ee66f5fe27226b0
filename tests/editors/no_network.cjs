// Loaded into the language server before its own code: whoever reaches for the network is told of, and gets none.
const net = require("node:net");

net.Socket.prototype.connect = function connect(...target) {
  const [options] = net._normalizeArgs(target.flat());
  process.stderr.write(`reached for the network: ${options.host ?? options.path}:${options.port}\n`);
  return this.destroy(new Error("no network in tests"));
};
