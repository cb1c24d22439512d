// Starts `dockhew lsp` for Dockerfiles and the files that build them. Everything else is the server's: here are only its command line and, for the
// command palette, which document is meant.
import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

// What the server also reads of what is open: it knows them by their names.
const buildFiles = [
  "**/{compose,docker-compose,docker-stack}*.{yaml,yml}",
  "**/docker-bake.*",
  "**/.github/workflows/*.{yaml,yml}",
];

let client: LanguageClient | undefined;

async function start(): Promise<void> {
  const settings = workspace.getConfiguration("dockhew");
  const command = settings.get<string>("path", "dockhew");
  client = new LanguageClient(
    "dockhew",
    "dockhew",
    { command, args: ["lsp", ...settings.get<string[]>("arguments", [])] },
    { documentSelector: [{ language: "dockerfile" }, ...buildFiles.map((pattern) => ({ scheme: "file", pattern }))] },
  );
  try {
    await client.start();
  } catch {
    client = undefined;
    void window.showErrorMessage(
      `dockhew: cannot start \`${command} lsp\`. Install dockhew, or say where it is in the setting dockhew.path.`,
    );
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

// Has the server do something to the document that is in front.
function onDocument(command: string, more: object = {}): () => Thenable<unknown> | undefined {
  return () => {
    const document = window.activeTextEditor?.document;
    if (client === undefined || document === undefined) return undefined;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    return commands.executeCommand(command, { uri, ...more });
  };
}

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("dockhew.fixDocument", onDocument("dockhew.fixAll")),
    commands.registerCommand("dockhew.optimizeDocument", onDocument("dockhew.optimize", { least: "conditional" })),
    commands.registerCommand("dockhew.optimizeDocumentFully", onDocument("dockhew.optimize", { least: "unsafe" })),
    commands.registerCommand("dockhew.restart", async () => {
      await stop();
      await start();
    }),
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("dockhew.path") && !change.affectsConfiguration("dockhew.arguments")) return;
      await stop();
      await start();
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
