import express from "express";
import { pino } from "pino";
import { z } from "zod";

const log = pino({ enabled: !process.argv.includes("--once") });
const greeting = z.object({ name: z.string().default("world") });

const app = express();
app.get("/", (request, response) => {
  const { name } = greeting.parse(request.query);
  log.info({ name }, "greets");
  response.send(`hello ${name}`);
});

if (process.argv.includes("--once")) {
  console.log("ready");
} else {
  app.listen(3000);
}
