interface ServerClass {
  prototype: { addService(...args: never[]): unknown };
}
declare function loadWhenInvoked(Server: ServerClass, modules: string[]): void;
export = loadWhenInvoked;
