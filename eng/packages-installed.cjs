// Exit code 0 if node_modules holds every package of package-lock.json in its locked version, else 1.
const fs = require("fs");
const path = require("path");

const root = path.join(__dirname, "..");
const read = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages;

try {
  const locked = read("package-lock.json");
  const installed = read("node_modules/.package-lock.json");
  const complete = Object.entries(locked)
    .filter(([folder, entry]) => entry.integrity)
    .every(([folder, entry]) => installed[folder]?.integrity === entry.integrity && fs.existsSync(path.join(root, folder, "package.json")));
  process.exit(complete ? 0 : 1);
} catch {
  process.exit(1); // no package list: nothing is installed yet
}
