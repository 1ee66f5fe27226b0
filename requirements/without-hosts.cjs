// Takes addresses out of an npm lock file: it says what is installed, and from nowhere in particular.
const fs = require("node:fs");

const file = process.argv[2];
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
for (const package_ of Object.values(lock.packages)) {
  delete package_.funding;
  if (package_.license?.includes("://")) {
    delete package_.license;
  }
}
fs.writeFileSync(file, JSON.stringify(lock, null, 2) + "\n");
