// What a job's turn takes, loaded while the engine sees to what the job needs.

/**
 * A dynamic provider has no functions: what invokes one wants its process to be there before a job's turn (components/trainingJob/startProvider.ts).
 * From then on modules are loaded, one at a time, so that no request waits for long.
 *
 * @param Server the class that the provider will be served by
 * @param modules as `require` takes them; after one that is not there, or fails, none is loaded: it says so where it is used
 */
module.exports = function loadWhenInvoked(Server, modules) {
  const waiting = [...modules];
  const loadNext = () => {
    const next = waiting.shift();
    if (next === undefined) return;
    try {
      require(next);
    } catch {
      return; // another program's, which has no such module
    }
    setImmediate(loadNext);
  };
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, provider) {
    const { invoke } = provider;
    provider.invoke = function (...args) {
      setImmediate(loadNext);
      return invoke.apply(this, args);
    };
    return addService.call(this, service, provider);
  };
};
