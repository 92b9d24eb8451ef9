// Modules that are loaded when something of them is used.
const nodeModule = require("node:module");

/**
 * Has a module loaded when something of it is used, if it is there: another version of what needs it may do without.
 *
 * @param is what the module itself is: by default an object with what it exports
 * @param ofFunctions whether it has functions and classes only: to take one out of it is not to use it yet
 * @param before what it has before it is loaded, and is not loaded for
 */
module.exports = function loadLater(name, from, { is = "object", ofFunctions = false, before = {} } = {}) {
  let file;
  try {
    file = require.resolve(name, { paths: [from] });
  } catch {
    return;
  }
  if (require.cache[file]) return;
  let loaded;
  const load = () => {
    if (!loaded) {
      delete require.cache[file];
      loaded = require(file);
      // One and the same before and after: what serializes a function finds the modules that it uses by their identity.
      require.cache[file].exports = exports;
    }
    return loaded;
  };
  const get = (key) => {
    // Called an ES module, it is taken as it is by what imports all of it.
    if (key === "__esModule") return is !== "function";
    if (!loaded && Object.hasOwn(before, key)) return before[key];
    const taken = ofFunctions && typeof key === "string" && key !== "then"; // a promise of it asks whether it is one
    return taken ? callable(() => load()[key]) : load()[key];
  };
  const exports = is === "object" ? object(load, get) : callable(load, get);
  require.cache[file] = Object.assign(new nodeModule.Module(file), { filename: file, loaded: true, exports });
};

function object(load, get) {
  return new Proxy(
    {},
    {
      get: (_, key) => get(key),
      has: (_, key) => Reflect.has(load(), key),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const own = Reflect.getOwnPropertyDescriptor(load(), key);
        return own && { ...own, configurable: true };
      },
      set: (_, key, value) => Reflect.set(load(), key, value),
    },
  );
}

/** A function, or a class: what extends it makes objects of its own. */
function callable(load, get = (key) => load()[key]) {
  const proxy = new Proxy(function later() {}, {
    get: (_, key) => get(key),
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args, made) => Reflect.construct(load(), args, made === proxy ? load() : made),
  });
  return proxy;
}
