import express from "express";

const app = express();
app.get("/", (_request, response) => {
  response.send("hello");
});

if (process.argv.includes("--once")) {
  console.log("ready");
} else {
  app.listen(3000);
}
