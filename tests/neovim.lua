-- What somebody does in Neovim, and what they see: open a Dockerfile, read what is found, choose a fix, hover, jump,
-- complete, optimize. Neovim runs this file; tests/neovim.py reads what it writes.
local dockhew, out = vim.env.DOCKHEW, io.open(vim.env.OUT, "w")
local function tell(what, value)
  out:write(vim.json.encode({ what = what, value = value }) .. "\n")
  out:flush()
end
local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function codes()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    -- Neovim 0.7 keeps the code only in what the server sent.
    found[#found + 1] = d.code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code) or "?"
  end
  table.sort(found)
  return found
end
local function wait_for(what, holds)
  if not vim.wait(30000, holds, 20) then
    tell("gave up", what)
    vim.cmd("cquit")
  end
end

local ok, problem = pcall(function()
  vim.bo.filetype = "dockerfile"
  local id = vim.lsp.start_client({ name = "dockhew", cmd = { dockhew, "lsp" }, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(0, id)
  wait_for("findings", function() return #vim.diagnostic.get(0) > 0 end)
  tell("found", codes())
  local first = vim.diagnostic.get(0)[1]
  tell("first", { first.lnum, first.col, first.source, first.message })

  -- `vim.lsp.buf.code_action` lets somebody choose; here it is chosen by its beginning.
  local wanted, offered
  vim.ui.select = function(items, options, on_choice)
    offered = {}
    for i, item in ipairs(items) do
      local title = options.format_item and options.format_item(item) or tostring(item)
      offered[#offered + 1] = title
      if vim.startswith(title, wanted) then return on_choice(item, i) end
    end
    on_choice(nil)
  end
  local function choose(line, title)
    local before = table.concat(lines(), "\n")
    wanted, offered = title, nil
    vim.api.nvim_win_set_cursor(0, { line, 4 })
    vim.lsp.buf.code_action()
    wait_for(title, function() return offered and table.concat(lines(), "\n") ~= before end)
    tell("chose", title)
  end
  choose(4, "Add a cache mount for pip")
  tell("text", lines())
  wait_for("fewer findings", function() return not vim.tbl_contains(codes(), "missing-cache-mount") end)
  tell("found", codes())

  vim.api.nvim_win_set_cursor(0, { 1, 7 })
  vim.lsp.buf.hover()
  wait_for("hover", function() return #vim.api.nvim_list_wins() > 1 end)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if window ~= vim.api.nvim_get_current_win() then
      tell("hover", vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false))
      vim.api.nvim_win_close(window, true)
    end
  end

  vim.api.nvim_win_set_cursor(0, { 9, 14 })
  vim.lsp.buf.definition()
  wait_for("definition", function() return vim.api.nvim_win_get_cursor(0)[1] == 1 end)
  tell("jumped", vim.api.nvim_win_get_cursor(0))

  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "COPY --from=" })
  local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = #lines() - 1, character = 12 } }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/completion", params, 30000)
  tell("completed", vim.tbl_map(function(item) return item.label end, answers[id].result))
  vim.api.nvim_buf_set_lines(0, -2, -1, false, {})

  choose(1, "Make all safe fixes of dockhew")
  tell("text", lines())
  choose(1, "Optimize this Dockerfile (safe and conditional changes)")
  tell("text", lines())
  vim.lsp.stop_client(id)
  wait_for("the end", function() return vim.lsp.get_client_by_id(id) == nil or vim.lsp.get_client_by_id(id).is_stopped() end)
end)
if not ok then tell("failed", problem) end
out:close()
vim.cmd(ok and "qall!" or "cquit")
