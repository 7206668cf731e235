// PostgreSQL with pgvector in this process, its data in memory: node eng/pglite/server.mjs [PORT]
//
// Prints its address when it listens; port 0 takes a free one. It ends when its standard input ends, so that no server outlives the test that started it.
// It is one session behind a multiplexer: good for right and wrong, not for how fast. COPY does not work, so GenQ.Postgres inserts.
import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const connections = 4;
const port = Number(process.argv[2] ?? 5432) || (await freePort());
const db = await PGlite.create({ extensions: { vector } });
await new PGLiteSocketServer({ db, host: "127.0.0.1", port, maxConnections: connections }).start();
console.log(`postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable&Maximum%20Pool%20Size=${connections}`);
process.stdin.resume().on("end", () => process.exit(0));

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
