/** What the sources read of the package's own description. */
declare module '*/package.json' {
  const about: { name: string; version: string };
  export default about;
}
