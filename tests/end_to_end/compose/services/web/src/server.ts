import express from "express";
import { pino } from "pino";
import { z } from "zod";

const log = pino({ enabled: !process.argv.includes("--once") });
const query = z.object({ name: z.string().default("world") });

function page(parameters: unknown): string {
  const { name } = query.parse(parameters);
  return `web: hello ${name}`;
}

if (process.argv.includes("--once")) {
  console.log(page({}));
} else {
  const app = express();
  app.get("/", (request, response) => {
    log.info({ path: request.path }, "asked");
    response.send(page(request.query));
  });
  app.listen(3000);
}
