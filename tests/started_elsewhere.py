"""What other files than the Dockerfile start in its image, one case for each kind of file: each with a form that needs more than
the program, and one that does not. Prints TAP. Usage: started_elsewhere.py DOCKHEW SOURCE_ROOT"""
import json
import os
import shutil

from command_case import case, report, run

DOCKERFILE = "FROM golang:1.22\nWORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o main .\nCMD [\"./main\"]\n"
# What the answer says where the runtime stage has only the program, where it has more, and where it is not known.
SMALL, CURL, UNKNOWN = "+FROM debian:bookworm-slim", "--no-install-recommends ca-certificates curl", "starts in the image is not known"


def go(place):
    return f"`go`, which {place} starts"


def project(directory, files=(), name="shop"):
    """A repository with a program in Go; its directory."""
    root = directory / name
    shutil.rmtree(root, ignore_errors=True)
    (root / ".git").mkdir(parents=True)
    for path, text in {"Dockerfile": DOCKERFILE, "go.mod": "module x\n\ngo 1.22\n", "go.sum": "", "main.go": "package main\nfunc main() {}\n", **dict(files)}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def check(directory, *cases, dockerfile="Dockerfile"):
    for files, expected in cases:
        answer = run("optimize", "--no-config", dockerfile, cwd=project(directory, files)).stdout.decode()
        assert expected in answer, (files, expected, answer)
        more = expected == SMALL and ("install -y" in answer or "`go`, which" in answer)
        assert not more and (expected in (SMALL, CURL) or expected.startswith("+COPY")) == (SMALL in answer), (files, expected, answer)


@case
def services_that_extend_those_of_other_files(directory):
    base = "services:\n  x:\n    build: .\n    command: %s\n"
    extends = "services:\n  x:\n    extends: {file: %s, service: x}\n"
    check(directory,
          ({"compose.yaml": extends % "base.yml", "base.yml": base % "go run ."}, go("base.yml:4")),
          ({"compose.yaml": extends % "base.yml", "base.yml": base % "./main -v"}, SMALL),
          ({"deploy/compose.yaml": extends % "../a/base.yml", "a/base.yml": extends % "b.yml", "a/b.yml": (base % "go run .").replace(": .", ": ..")}, go("a/b.yml:4")),
          # One that takes the rest from elsewhere, a circle, which Compose refuses, and what cannot be read.
          ({"compose.yaml": extends % "base.yml" + "    command: ./main\n", "base.yml": base % "go run ."}, SMALL),
          ({"compose.yaml": extends % "base.yml" + "    build: .\n", "base.yml": extends % "compose.yaml"}, SMALL),
          ({"compose.yaml": extends % "missing.yml" + "    build: .\n"}, UNKNOWN),
          ({"compose.yaml": extends % "'${FILE}'" + "    build: .\n"}, UNKNOWN))


@case
def what_others_take_out_of_the_image(directory):
    compose = {"compose.yaml": "services:\n  x:\n    build: .\n    image: me/shop\n"}
    copies = "FROM nginx\nCOPY --from=%s /app/go.mod /x\n"
    script = "docker build -t me/shop .\nid=$(docker create me/%s)\ndocker cp $id:/app/cover.out .\n"
    check(directory,
          ({**compose, "web/Dockerfile": copies % "me/shop"}, UNKNOWN),
          ({**compose, "web/Dockerfile": copies % "me/other"}, SMALL),
          ({**compose, "web/Dockerfile": "FROM nginx AS me\nFROM nginx\nCOPY --from=me /a /x\n"}, SMALL),
          ({"build.sh": script % "shop"}, UNKNOWN),
          ({"build.sh": script % "other"}, SMALL),
          ({"build.sh": (script % "shop").replace("docker cp $id:/app/cover.out .", "docker rm $id")}, SMALL))


@case
def stages_that_are_told_by_their_numbers(directory):
    compose = "services:\n  x:\n    build: {context: ., target: '%s'}\n"
    by_number = "tells by its number"
    for target, expected in (("0", by_number), ("", SMALL)):
        answer = run("optimize", "--no-config", "Dockerfile", cwd=project(directory, {"compose.yaml": compose % target})).stdout.decode()
        assert expected in answer, (target, answer)


@case
def health_checks_in_templates_of_tasks(directory):
    terraform = """resource "aws_ecs_task_definition" "web" {
  container_definitions = jsonencode([{
    name        = "web"
    image       = "me/%s:${local.version}"
    healthCheck = { command = ["CMD-SHELL", "%s"], interval = 5 }
  }])
}
"""
    template = '[{"image": "${image}", "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost || exit 1"]}}]\n'
    formation = ("Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n"
                 "        - Image: me/shop:1\n          HealthCheck:\n            Command:\n              - CMD-SHELL\n              - curl -f localhost || exit 1\n")
    unit = "[Container]\nImage=me/%s:1\nHealthCmd=%s\n"
    check(directory,
          ({"infra/main.tf": terraform % ("shop", "curl -f http://localhost || exit 1")}, CURL),
          ({"infra/main.tf": terraform % ("shop", "./main --check")}, SMALL),
          ({"infra/main.tf": terraform % ("other", "curl -f http://localhost || exit 1")}, SMALL),
          ({"infra/task.json.tpl": template}, CURL),
          ({"infra/stack.yaml": formation}, CURL),
          ({"deploy/shop.container": unit % ("shop", "curl -f localhost")}, CURL),
          ({"deploy/shop.container": unit % ("other", "curl -f localhost")}, SMALL))


@case
def containers_by_the_names_that_compose_gives_them(directory):
    compose = {"compose.yaml": "services:\n  api:\n    build: .\n"}
    for name in ("shop-api-1", "shop_api_1", "my-project-api-2"):
        check(directory, ({**compose, "Makefile": f"seed:\n\tdocker exec {name} go run ./seed\n"}, go("Makefile:2")))
    check(directory, ({**compose, "Makefile": "seed:\n\tdocker exec shop-db-1 go run ./seed\n"}, SMALL))


@case
def scripts_that_compose_starts(directory):
    service, script = "services:\n  x:\n    build: .\n    command: %s\n", {"scripts/seed.sh": "#!/bin/sh\necho a\n"}
    check(directory,
          ({**script, "compose.yaml": service % "bash scripts/seed.sh ./main"}, "+COPY --from=builder /app/scripts /app/scripts"),
          ({"scripts/seed.sh": "#!/bin/sh\ncurl localhost\n", "compose.yaml": service % "bash scripts/seed.sh ./main"}, CURL),
          ({"scripts/seed.sh": "#!/bin/sh\ngo test ./...\n", "compose.yaml": service % "bash scripts/seed.sh ./main"}, "the container starts `go`"),
          ({**script, "compose.yaml": service % "bash /opt/seed.sh ./main"}, "`/opt/seed.sh`, which something else than the image starts"),
          ({**script, "compose.yaml": service % "./main --script=scripts/seed.sh"}, SMALL))


@case
def directories_that_a_host_names(directory):
    docs = {"docs/guide.md": "# Guide\n"}
    render = "services:\n  - type: web\n    runtime: docker\n    name: x\n    envVars:\n      - {key: PAGES, value: %s}\n"
    check(directory,
          ({**docs, "render.yaml": render % "./docs"}, "+COPY --from=builder /app/docs /app/docs"),
          ({"render.yaml": render % "./docs"}, SMALL))


@case
def gems_that_compose_keeps_elsewhere(directory):
    ruby = "FROM ruby:3.3\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\nCMD [\"ruby\", \"app.rb\"]\n"
    lock = "GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (3.1.8)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rack\n"
    service = "services:\n  x:\n    build: .\n"
    for more, expected in (("", "+FROM ruby:3.3-slim"), ("    volumes: ['gems:/usr/local/bundle']\n", "keeps `/usr/local/bundle` in a volume"),
                           ("    environment: {BUNDLE_PATH: /bundle}\n", "`BUNDLE_PATH` says elsewhere"), ("    command: sleep infinity\n", "is nothing of the project"),
                           ("    volumes: ['data:/data']\n    environment: {RACK_ENV: production}\n    command: ruby app.rb\n", "+FROM ruby:3.3-slim")):
        root = project(directory, {"Dockerfile": ruby, "Gemfile": "source \"https://rubygems.org\"\ngem \"rack\"\n", "Gemfile.lock": lock, "app.rb": "puts 1\n", "compose.yaml": service + more})
        answer = run("optimize", "--no-config", "Dockerfile", cwd=root).stdout.decode()
        assert expected in answer and ("+FROM" in expected) == ("+FROM ruby:3.3-slim" in answer), (more, expected, answer)


@case
def what_a_guide_tells_people_to_run(directory):
    compose = {"compose.yaml": "services:\n  x: {build: .}\n"}
    guide = "# Shop\n\n```sh\n$ docker compose run --rm x %s\n```\n"
    check(directory,
          ({**compose, "README.md": guide % "go test ./..."}, go("README.md:4")),
          ({**compose, "README.md": guide % "./main --help"}, SMALL),
          ({**compose, "README.md": "Run docker compose run --rm x go test\n"}, SMALL))


@case
def files_outside_of_the_repository_are_not_read_for_a_compose_file(directory):
    (directory / "secret.yml").write_text("services:\n  x:\n    build: .\n    command: go run .\n")
    outside = ("    extends: {file: ../secret.yml, service: x}\n", "    extends: {file: link.yml, service: x}\n", "    extends: {file: way/secret.yml, service: x}\n")
    for text in outside:
        root = project(directory, {"compose.yaml": "services:\n  x:\n    build: .\n" + text, ".dockerignore": "link.yml\nway\n"})
        os.symlink("../secret.yml", root / "link.yml")
        os.symlink("..", root / "way")
        answer = run("optimize", "--no-config", "Dockerfile", cwd=root).stdout.decode()
        assert UNKNOWN in answer and "secret" not in answer, (text, answer)


@case
def files_that_a_compose_file_includes(directory):
    app = "services:\n  x:\n    build: %s\n    command: %s\n"
    check(directory,
          ({"compose.yaml": "include:\n  - deploy/app.yml\n", "deploy/app.yml": app % ("..", "go run .")}, go("deploy/app.yml:4")),
          ({"compose.yaml": "include:\n  - path: [deploy/app.yml]\n    project_directory: .\n", "deploy/app.yml": app % (".", "go run .")}, go("deploy/app.yml:4")),
          ({"compose.yaml": "include: [deploy/app.yml]\n", "deploy/app.yml": "include: [../compose.yaml, app.yml]\n" + app % ("..", "./main")}, SMALL),
          ({"compose.yaml": "include: [missing.yml]\nservices:\n  x: {build: .}\n"}, SMALL))


@case
def variables_of_compose_files(directory):
    service = "services:\n  x:\n    build: ${DIR:-.}\n    command: %s\n"
    check(directory,
          ({"compose.yaml": service % "${CMD:-go run .}"}, go("compose.yaml:4")),
          ({"compose.yaml": service % "${CMD:-${OTHER-go vet}}"}, go("compose.yaml:4")),
          ({"compose.yaml": service % "${CMD:-go run .}", ".env": "# what\nCMD='./main'\n"}, SMALL),
          ({"compose.yaml": service % "$CMD", ".env": "CMD=go run .  # x\n"}, go("compose.yaml:4")),
          ({"compose.yaml": service % "$CMD"}, UNKNOWN),
          ({"compose.yaml": service % "sh -c \"$CMD\""}, UNKNOWN),
          ({"compose.yaml": service % "[\"sh\", \"-c\", \"${CMD:?say}\"]"}, UNKNOWN),
          ({"compose.yaml": service % "./main --port $PORT --name $$HOSTNAME"}, SMALL),
          ({"compose.yaml": service % "[\"./main\", \"${PORT}\"]"}, SMALL))


@case
def programs_that_are_mounted(directory):
    service = "services:\n  x:\n    build: api\n    command: %s\n    volumes: [\"%s\"]\n"
    files = {"api/" + name: text for name, text in (("Dockerfile", DOCKERFILE), ("go.mod", "module x\n\ngo 1.22\n"), ("go.sum", ""), ("main.go", "package main\n"))}
    check(directory,
          ({**files, "compose.yaml": service % ("/tools/bin/run x", "./tools:/tools")}, UNKNOWN),
          ({**files, "compose.yaml": service % ("[sh, -c, 'true && perl /tools/run']", "./tools:/tools")}, UNKNOWN),
          ({**files, "compose.yaml": service % ("./main --rules /tools/a", "./tools:/tools")}, SMALL),
          ({**files, "compose.yaml": service % ("/app/main", "./api/static:/app/static")}, SMALL), dockerfile="api/Dockerfile")


@case
def compose_files_of_any_name(directory):
    healthy = "services:\n  x:\n    build: .\n    healthcheck:\n      test: %s\n"
    check(directory,
          ({"docker-stack.yml": healthy % "curl -f http://localhost"}, CURL),
          ({"production.yml": healthy % "curl -f http://localhost"}, CURL),
          ({"production.yml": "services:\n  x:\n    test: curl\n"}, SMALL),
          # A service of an image that something else builds.
          ({"deploy/stack.yml": "services:\n  y:\n    image: me/shop:1\n    command: go run .\n"}, go("deploy/stack.yml:4")),
          ({"deploy/stack.yml": "services:\n  y:\n    image: me/other:1\n    command: go run .\n"}, SMALL),
          ({"compose.yaml": "services:\n  x:\n    build: .\n    develop:\n      watch:\n        - action: sync+exec\n          path: .\n          exec: {command: go build .}\n"},
           go("compose.yaml:8")),
          ({"compose.yaml": "services:\n  x:\n    build: .\n    container_name: web\n", "Makefile": "t:\n\tdocker exec -it web go test\n"}, go("Makefile:2")),
          ({"compose.yaml": "services:\n  x:\n    build: .\n    container_name: web\n", "Makefile": "t:\n\tdocker exec -it db go test\n"}, SMALL))


@case
def commands_of_scripts_and_task_runners(directory):
    just = "image := 'x'\n# tests\ntest: build\n    docker run --rm {{image}} %s\nbuild:\n    @docker build -t {{image}} \\\n      .\n"
    task = "version: '3'\ntasks:\n  build: docker build -t {{.NAME}} .\n  test:\n    cmds:\n      - docker run {{.NAME}} %s\n"
    check(directory,
          ({"run.sh": "docker build -t x . && docker run -it x bash -c \"go vet ./...\"\n"}, go("run.sh:1")),
          ({"scripts/run.sh": "cd \"$(dirname \"$0\")/..\"\ndocker build -t $NAME .\ndocker run $NAME go vet\n"}, go("scripts/run.sh:3")),
          ({"scripts/run.sh": "docker build -t x .\ndocker run -d --name c x\ndocker exec c go vet\n"}, go("scripts/run.sh:3")),
          ({"scripts/run.sh": "docker build -t x .\ndocker run y go vet\ndocker run x ./main\n"}, SMALL),
          ({"bin/ci": "#!/usr/bin/env bash\ndocker build -t x .\ndocker run x go vet\n"}, go("bin/ci:3")),
          ({"bin/ci": "#!/usr/bin/env python\n'''\ndocker build -t x .\ndocker run x go vet\n'''\n"}, SMALL),
          ({"justfile": just % "go test"}, go("justfile:4")),
          ({"justfile": just % "./main"}, SMALL),
          ({"Justfile": "test:\n    #!/bin/bash\n    docker build -t x .\n\n    docker run x go test\n"}, go("Justfile:5")),
          ({"Taskfile.yml": task % "go test"}, go("Taskfile.yml:6")),
          ({"Taskfile.yml": task % "./main"}, SMALL))


JENKINS = "pipeline {\n  agent any // {\n  stages {\n    stage('a') { steps { sh 'docker build -t x .' } }\n    stage('b') {\n      %s\n      steps { sh '''\n%s\n''' }\n    }\n  }\n}\n"


@case
def steps_of_jenkinsfiles(directory):
    inside = "node {\n  def app = docker.build(\"me/x:${env.BUILD_ID}\", \"-f Dockerfile .\")\n  app.inside {\n    sh \"go test ./...\"\n  }\n  sh 'go vet'\n}\n"
    check(directory,
          ({"Jenkinsfile": JENKINS % ("agent { docker { image 'x:latest' } }", "go test")}, go("Jenkinsfile:7")),
          ({"Jenkinsfile": JENKINS % ("agent { docker 'x' }", "go test")}, go("Jenkinsfile:7")),
          ({"Jenkinsfile": JENKINS % ("agent { dockerfile true }", "go test")}, go("Jenkinsfile:7")),
          ({"Jenkinsfile": JENKINS % ("agent { docker { image 'golang:1.22' } }", "go test")}, SMALL),
          ({"Jenkinsfile": JENKINS % ("", "go test")}, SMALL),
          ({"Jenkinsfile": inside}, go("Jenkinsfile:4")),
          ({"Jenkinsfile": inside.replace("app.inside", "dir('a')")}, SMALL))


@case
def jobs_that_run_in_an_image_of_the_project(directory):
    build = "on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: ., tags: 'ghcr.io/a/x:latest'}\n"
    meta = build.replace("'ghcr.io/a/x:latest'", "'${{ steps.m.outputs.tags }}'") + "      - uses: docker/metadata-action@v5\n        id: m\n        with: {images: ghcr.io/a/x}\n"
    job = "  t:\n    container: %s\n    steps:\n      - run: go test ./...\n"
    gitlab = "build:\n  script:\n    - docker build -t $CI_REGISTRY_IMAGE:latest .\n.base:\n  image: %s\n%s:\n  extends: .base\n  services: [{name: db, command: [go]}]\n  script:\n    - go test ./...\n"
    circle = "jobs:\n  a:\n    machine: true\n    steps: [{run: docker build -t me/x .}]\n  b:\n    docker: [{image: %s}]\n    steps:\n      - run:\n          command: go test\n"
    cloud = "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, x, .]\n- name: %s\n  entrypoint: go\n  args: [\"test\", \"./...\"]\n"
    check(directory,
          ({".github/workflows/t.yml": build + job % "ghcr.io/a/x:latest"}, go(".github/workflows/t.yml:11")),
          ({".github/workflows/t.yml": build + job % "{image: 'ghcr.io/a/x:${{ github.sha }}'}"}, go(".github/workflows/t.yml:11")),
          ({".github/workflows/t.yml": meta + job % "ghcr.io/a/x:latest"}, go(".github/workflows/t.yml:14")),
          ({".github/workflows/t.yml": build + job % "golang:1.22"}, SMALL),
          ({".github/workflows/t.yml": build + "      - uses: docker://ghcr.io/a/x\n        with: {entrypoint: go, args: test}\n"}, go(".github/workflows/t.yml:8")),
          ({".gitlab-ci.yml": gitlab % ("$CI_REGISTRY_IMAGE:latest", "test")}, go(".gitlab-ci.yml:10")),
          ({".gitlab-ci.yml": gitlab % ("golang", "test")}, SMALL),
          ({".gitlab-ci.yml": gitlab % ("registry.example.org/shop", "test")}, go(".gitlab-ci.yml:10")),
          ({".circleci/config.yml": circle % "me/x:1"}, go(".circleci/config.yml:9")),
          ({".circleci/config.yml": circle % "cimg/go:1"}, SMALL),
          ({"bitbucket-pipelines.yml": "image: me/shop\npipelines:\n  default:\n    - step:\n        script:\n          - go test\n"}, go("bitbucket-pipelines.yml:6")),
          ({"bitbucket-pipelines.yml": "image: me/shop\npipelines:\n  default:\n    - step:\n        image: {name: golang}\n        script:\n          - go test\n"}, SMALL),
          ({"cloudbuild.yaml": cloud % "x"}, go("cloudbuild.yaml:4")),
          ({"cloudbuild.yaml": cloud % "golang"}, SMALL),
          ({"action.yml": "runs:\n  using: docker\n  image: Dockerfile\n  post-entrypoint: /app/post.sh && go clean\n"}, go("action.yml:4")))


CHART = "{{- if .Values.on }}\nkind: Deployment\nspec:\n  template:\n    spec:\n      {{- with .Values.pull }}\n      secrets:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n" \
        "      initContainers:\n      - name: wait\n        image: busybox:1.36\n        command: [go, wait]\n      containers:\n      - name: {{ .Chart.Name }}\n" \
        "        image: %s\n        livenessProbe:\n          exec:\n            command: %s\n{{- end }}\n"


@case
def deployments_to_kubernetes(directory):
    probe = '["curl", "-f", "http://localhost:8080/"]'
    chart = lambda image, command=probe: {"chart/templates/deployment.yaml": CHART % (image, command)}
    values = lambda name: {"chart/values.yaml": f"image:\n  repository: {name}\n  tag: ''\n"}
    image = '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'
    hook = "kind: Pod\nspec:\n  containers:\n  - name: a\n    image: me/%s\n    lifecycle: {preStop: {exec: {command: [go, version]}}}\n"
    check(directory,
          (chart('"{{ .Values.image }}"'), CURL),
          ({**chart(image), **values("ghcr.io/me/shop")}, CURL),
          # The project has one Dockerfile, so what nobody else publishes is its image.
          ({**chart(image), **values("ghcr.io/me/other")}, CURL),
          ({**chart(image), **values("bitnami/redis")}, SMALL),
          (chart("ghcr.io/me/shop:{{ .Chart.AppVersion }}", '["./main", "{{ .Values.x }}"]'), SMALL),
          (chart("{{ include \"x.image\" . }}", '["{{ .Values.program }}"]'), UNKNOWN),
          (chart("{{ include \"x.image\" . }}", "[\"a\"\n}"), UNKNOWN),
          ({"k8s/pod.yaml": hook % "shop"}, go("k8s/pod.yaml:6")),
          ({"k8s/pod.yaml": hook % "other"}, go("k8s/pod.yaml:6")),
          ({"k8s/pod.yaml": (hook % "other").replace("me/other", "prom/prometheus")}, SMALL),
          ({"k8s/pod.yaml": hook % "other", "web/Dockerfile": "FROM scratch\n"}, SMALL),
          # By a variable of the workflow.
          ({"k8s/pod.yaml": hook % "other", "web/Dockerfile": "FROM scratch\n", ".github/workflows/a.yml": "env:\n  IMAGE: ghcr.io/me/other\njobs:\n"
            "  a:\n    runs-on: ubuntu-latest\n    steps:\n      - {uses: docker/build-push-action@v6, with: {tags: '${{ env.IMAGE }}:${{ github.sha }}'}}\n"},
           go("k8s/pod.yaml:6")))
    # With other Dockerfiles: that which the chart lies beside, or that which is called so.
    beside = {"chart/templates/deployment.yaml": None, "api/chart/templates/deployment.yaml": CHART % ('"{{ .Values.image }}"', probe)}
    files = {**{f"api/{name}": text for name, text in (("Dockerfile", DOCKERFILE), ("go.mod", "module x\n\ngo 1.22\n"), ("go.sum", ""), ("main.go", "package main\n"))}}
    check(directory, ({**files, "api/chart/templates/deployment.yaml": beside["api/chart/templates/deployment.yaml"]}, CURL),
          ({**files, "k8s/a.yaml": (hook % "shop-api").replace("go, version", "curl, -f, x")}, CURL),
          ({**files, "k8s/a.yaml": (hook % "shop-web").replace("go, version", "curl, -f, x")}, SMALL), dockerfile="api/Dockerfile")
    check(directory, ({**files, "api/chart/templates/deployment.yaml": beside["api/chart/templates/deployment.yaml"]}, SMALL))
    # A directory with the name of an image of others.
    files = {name.replace("api/", "node/"): text for name, text in files.items()}
    check(directory, ({**files, "k8s/a.yaml": (hook % "x").replace("me/x", "node:20")}, SMALL),
          ({**files, "k8s/a.yaml": (hook % "x").replace("me/x", "me/node:20")}, go("k8s/a.yaml:6")), dockerfile="node/Dockerfile")


@case
def deployments_with_formats_of_their_own(directory):
    task = lambda image, check: json.dumps({"containerDefinitions": [{"name": "x", "image": image, "healthCheck": {"command": check}}]})
    kamal = "service: x\nimage: me/x\nservers:\n  web:\n    hosts: [a]\n  job:\n    cmd: %s\n"
    nomad = 'job "x" {\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        image = "me/%s:1"\n        command = "sh"\n        args = ["-c", "go run ."]\n      }\n    }\n  }\n}\n'
    check(directory,
          ({"task-definition.json": task("<IMAGE>", ["CMD-SHELL", "curl -f localhost || exit 1"])}, CURL),
          ({"ecs/taskdef.json": task("1.dkr.ecr.eu.amazonaws.com/shop:1", ["CMD", "curl", "-f", "x"])}, CURL),
          ({"ecs/taskdef.json": task("1.dkr.ecr.eu.amazonaws.com/other:1", ["CMD", "curl", "-f", "x"])}, SMALL),
          ({"config/deploy.yml": kamal % "go run ."}, go("config/deploy.yml:7")),
          ({"config/deploy.yml": kamal % "./main"}, SMALL),
          ({"config/deploy.yml": kamal % "./main", ".kamal/hooks/pre-deploy": "#!/bin/sh\nkamal app exec -p --version 1 'go version'\n"}, go(".kamal/hooks/pre-deploy:2")),
          ({"shop.nomad.hcl": nomad % "shop"}, go("shop.nomad.hcl:5")),
          ({"shop.nomad.hcl": nomad % "other"}, SMALL),
          ({"skaffold.yaml": "build:\n  artifacts:\n  - image: x\n    sync:\n      manual: [{src: '*.go', dest: .}]\n"}, UNKNOWN),
          ({"skaffold.yaml": "build:\n  artifacts:\n  - image: x\n    docker: {dockerfile: Dockerfile}\n"}, SMALL),
          ({"Tiltfile": "docker_build('x', '.', live_update=[sync('.', '/app'), run('go build -o main .')])\n"}, UNKNOWN),
          ({"Tiltfile": "docker_build('x', '.')\nk8s_yaml('a.yaml')\n"}, SMALL),
          ({"copilot/api/manifest.yml": "image:\n  build: Dockerfile\ncommand: [\"go\", \"run\", \".\"]\n"}, go("copilot/api/manifest.yml:1")))


@case
def hosting_services_that_build_the_file(directory):
    app = "services:\n- name: x\n  dockerfile_path: Dockerfile\n  run_command: %s\n"
    render = "services:\n- type: web\n  name: x\n  runtime: %s\n  dockerCommand: >-\n    go run\n    .\n"
    heroku = "build:\n  docker:\n    web: Dockerfile\nrelease:\n  image: web\n  command:\n    - %s\n"
    check(directory,
          ({".do/app.yaml": app % "go run ."}, go(".do/app.yaml:4")),
          ({".do/app.yaml": app % "./main"}, SMALL),
          ({".do/app.yaml": (app % "go run .").replace("Dockerfile", "web/Dockerfile")}, SMALL),
          ({"render.yaml": render % "docker"}, go("render.yaml:5")),
          ({"render.yaml": render % "go"}, SMALL),
          ({"render.yaml": "services:\n- {type: redis, name: x, dockerCommand: go run .}\n"}, SMALL),
          ({"heroku.yml": heroku % "go run ."}, go("heroku.yml:7")),
          ({"heroku.yml": heroku % "./main"}, SMALL),
          ({"railway.json": '{"build": {"builder": "DOCKERFILE"}, "deploy": {"startCommand": "go run ."}}'}, go("railway.json:1")),
          ({"railway.json": '{"build": {"buildCommand": "go build"}, "deploy": {"startCommand": "./main"}}'}, SMALL),
          ({"fly.toml": "[experimental]\ncmd = [\n  'go',\n  'run',\n]\n"}, UNKNOWN))


@case
def what_hosting_services_keep_of_a_build(directory):
    """Render keeps layers and no mounts, and Heroku has a builder that does not know them."""
    answer = lambda files: run("optimize", "--no-config", "Dockerfile", cwd=project(directory, files)).stdout.decode()
    render = answer({"render.yaml": "services:\n- {type: web, name: x, runtime: docker, dockerfilePath: ./Dockerfile}\n"})
    assert "`render.yaml:2` fetches layers of earlier builds, or will" in render and "(render.yaml:2 names it)" in render, render
    heroku = answer({"heroku.yml": "build:\n  docker:\n    web: Dockerfile\n"})
    assert "`heroku.yml:3` has Heroku build it, which knows no mounts" in heroku and "--mount" not in heroku, heroku
    other = answer({"heroku.yml": "build:\n  docker:\n    web: web/Dockerfile\n"})
    assert "--mount=type=cache" in other and "Heroku" not in other, other


@case
def containers_that_people_work_in(directory):
    service = "services:\n  x:\n    build: .\n%s"
    mounted = "lays the source over `/app`"
    check(directory,
          ({"compose.yaml": service % "    command: bash -il\n"}, "`bash -il`, which compose.yaml:4 starts, is nothing of the project"),
          ({"compose.yaml": service % "    entrypoint: [sleep, infinity]\n"}, "is nothing of the project"),
          ({"compose.yaml": service % "    volumes: ['.:/app']\n"}, mounted),
          ({"compose.yaml": service % "    volumes: ['.:/app']\n", "compose.prod.yaml": service % ""}, SMALL),
          ({"compose.yaml": service % "    volumes: ['./data:/app/data']\n"}, SMALL),
          ({"compose.yaml": service % "    command: sh -c \"$$START\"\n    environment: {START: go run .}\n"}, UNKNOWN),
          ({"compose.yaml": service % "    command: [sh, -c, 'exec $${START}']\n"}, UNKNOWN),
          ({"compose.yaml": service % "    command: sh -c './main $$PORT'\n"}, SMALL))


@case
def what_is_built_on_the_image_of_a_service(directory):
    other = "services:\n  x:\n    build: .\n  y:\n    build:\n      context: web\n      additional_contexts: {base: '%s'}\n"
    web = {"web/Dockerfile": "FROM base\nRUN gcc --version\n"}
    check(directory,
          ({**web, "compose.yaml": other % "service:x"}, UNKNOWN),
          ({**web, "compose.yaml": (other % "docker-image://me/shop").replace("build: .", "image: me/shop\n    build: .")}, UNKNOWN),
          ({**web, "compose.yaml": other % "./lib"}, SMALL))


@case
def interactions_of_dip(directory):
    dip = "interaction:\n  vet:\n    service: x\n    command: %s\n    subcommands:\n      all:\n        command: ./main -a\n"
    compose = {"compose.yaml": "services:\n  x:\n    build: .\n"}
    check(directory,
          ({**compose, "dip.yml": dip % "go vet ./..."}, go("dip.yml:3")),
          ({**compose, "dip.yml": dip % "./main -v"}, SMALL),
          ({**compose, "dip.yml": (dip % "go vet").replace("x\n", "other\n")}, SMALL))


@case
def compose_files_that_only_extend(directory):
    base = {"compose.base.yml": "services:\n  app:\n    build: .\n"}
    extends = "services:\n  web:\n    extends: {file: %s, service: app}\n    command: go run .\n"
    check(directory,
          ({**base, "dev.yml": extends % "compose.base.yml"}, go("dev.yml:4")),
          ({**base, "compose/dev.yml": extends % "../compose.base.yml"}, go("compose/dev.yml:4")),
          ({**base, "dev.yml": extends % "other.yml"}, SMALL))


def without_mounts(directory, cases):
    for files, reason in cases:
        answer = run("optimize", "--no-config", "Dockerfile", cwd=project(directory, files)).stdout.decode()
        assert ("--mount" in answer) == (not reason) and reason in answer, (files, reason, answer)


@case
def builders_without_buildkit(directory):
    """What they build gets no mounts, in the runtime stage neither; other files of the repository do."""
    step = "steps:\n- name: gcr.io/cloud-builders/docker%s\n  args: [build, -t, web, %s]\n"
    curl = {"compose.yaml": "services:\n  x:\n    build: .\n    healthcheck: {test: [CMD, curl, -f, http://localhost]}\n"}
    job = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - %s\n"
    gitlab = "build:\n  image: docker:%s\n  script:\n    - docker build -t x .\n"
    circle = "jobs:\n  build:\n    docker: [{image: cimg/base:current}]\n    steps:\n      - checkout\n      - setup_remote_docker: %s\n      - run: docker build -t x .\n"
    kaniko = "build:\n  image: gcr.io/kaniko-project/executor:debug\n  script:\n    - /kaniko/executor --context . --dockerfile %s\n"
    gitlab_script = "build:\n  image: docker:18.09\n  script:\n    - %s\n"
    orb = "version: 2.1\norbs:\n  o: circleci/%s\nworkflows:\n  w:\n    jobs:\n      - o/%s:\n          repo: x\n"
    buildspec = "version: 0.2\nphases:\n  build:\n    commands:\n      - docker build -t x .\n"
    cloud = "has Cloud Build build it, without BuildKit"
    without = "builds it without BuildKit"
    cases = (
        ({"cloudbuild.yaml": step % ("", ".")}, f"`cloudbuild.yaml:2` {without}"),
        ({**curl, "ci/prod.yaml": step % ("@sha256:abc", ".")}, f"`ci/prod.yaml:2` {without}"),
        ({".cloudbuild/deploy.yaml": step % ("", ".")}, f"`.cloudbuild/deploy.yaml:2` {without}"),
        ({"gcp/cloud-build.json": json.dumps({"steps": [{"name": "gcr.io/cloud-builders/docker", "args": ["build", "."]}]})}, without),
        ({"cloudbuild.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n  script: docker build -t x .\n"}, without),
        ({**curl, "cloudbuild.yaml": "steps:\n- name: docker/compose\n  args: [build]\n"}, without),
        ({"cloudbuild.yaml": step % ("", ".") + "  env: [DOCKER_BUILDKIT=1]\n"}, ""),
        ({"cloudbuild.yaml": step % ("", ".") + "options:\n  env: [DOCKER_BUILDKIT=1]\n"}, ""),
        # Of another Dockerfile, by its directory and by `dir`.
        ({"cloudbuild.yaml": step % ("", "web"), "web/Dockerfile": "FROM scratch\n"}, ""),
        ({"cloudbuild.yaml": step % ("", ".") + "  dir: web\n", "web/Dockerfile": "FROM scratch\n"}, ""),
        ({"web/cloudbuild.yaml": step % ("", "web"), "web/Dockerfile": "FROM scratch\n"}, ""),
        ({"web/cloudbuild.yaml": step % ("", ".")}, without),
        ({"cloudbuild.yaml": step % ("", "$DIRECTORY")}, without),
        ({"Makefile": "x:\n\tgcloud builds submit --tag gcr.io/p/x .\n"}, f"`Makefile:2` {cloud}"),
        ({"deploy.sh": "gcloud run deploy x --source . --region r --allow-unauthenticated\n"}, f"`deploy.sh:1` {cloud}"),
        ({"README.md": "```\n$ gcloud beta run deploy --source=. x\n```\n"}, f"`README.md:2` {cloud}"),
        ({"Makefile": "x:\n\tgcloud run deploy x --image gcr.io/p/x\n"}, ""),
        ({"Makefile": "x:\n\tgcloud builds submit --config a.yaml .\n"}, ""),
        ({".github/workflows/a.yml": job % "{uses: google-github-actions/deploy-cloudrun@v2, with: {source: ./}}"}, cloud),
        ({".github/workflows/a.yml": job % "{uses: google-github-actions/deploy-cloudrun@v2, with: {image: x}}"}, ""),
        ({"Makefile": "x:\n\tDOCKER_BUILDKIT=0 docker build .\n"}, "line 2 switches that off"),
        ({"Makefile": "export DOCKER_BUILDKIT := 0\nx:\n\tdocker build .\n"}, "line 1 switches that off"),
        ({"Makefile": "# DOCKER_BUILDKIT=0\nexport DOCKER_BUILDKIT = 1\nx:\n\tdocker build .\n"}, ""),
        ({"Makefile": "export DOCKER_BUILDKIT=0\nx:\n\tdocker buildx build .\n"}, ""),
        ({"build.sh": "export DOCKER_BUILDKIT=0\ndocker build -t x \"$1\"\n"}, "line 1 switches that off"),
        ({**curl, "Makefile": "x:\n\tCOMPOSE_DOCKER_CLI_BUILD=0 docker-compose up -d\n"}, "line 2 switches that off"),
        ({"Makefile": "x:\n\tCOMPOSE_DOCKER_CLI_BUILD=0 docker-compose up -d\n"}, ""),
        ({".github/workflows/a.yml": "env:\n  DOCKER_BUILDKIT: '0'\n" + job % "run: docker build ."}, "line 2 switches that off"),
        ({".gitlab-ci.yml": gitlab % "19.03"}, "`docker:19.03`, whose `docker build` has no BuildKit"),
        ({".gitlab-ci.yml": gitlab % "20.10-dind"}, "has no BuildKit"),
        ({".gitlab-ci.yml": "variables: {DOCKER_BUILDKIT: 1}\n" + gitlab % "19.03"}, ""),
        ({".gitlab-ci.yml": gitlab % "24"}, ""),
        ({".circleci/config.yml": circle % "{version: 19.03.13}"}, "with Docker 19.03.13, whose `docker build` has no BuildKit"),
        ({".circleci/config.yml": circle % "{version: docker20}"}, "has no BuildKit"),
        ({".circleci/config.yml": circle % "{version: docker24}"}, ""),
        ({".circleci/config.yml": circle % "{docker_layer_caching: true}"}, ""),
        ({".circleci/config.yml": orb % ("aws-ecr@6.7.1", "build-and-push-image")}, "the orb `circleci/aws-ecr@6.7.1`, whose"),
        ({".circleci/config.yml": orb % ("aws-ecr@8.2.1", "build-and-push-image")}, ""),
        ({".circleci/config.yml": orb % ("aws-ecr@6.7.1", "create-repo")}, ""),
        ({".circleci/config.yml": orb % ("docker@1.7.0", "publish")}, "the orb `circleci/docker@1.7.0`, whose"),
        ({".circleci/config.yml": orb % ("docker@2.2.0", "publish") + "          use-buildkit: true\n"}, ""),
        ({".circleci/config.yml": orb % ("docker@2.8.2", "publish")}, ""),
        ({".circleci/config.yml": orb % ("gcp-gcr@0.6.1", "build-and-push-image")}, "the orb `circleci/gcp-gcr@0.6.1`, whose"),
        # A variable in the name stands for each Dockerfile that fits.
        ({".gitlab-ci.yml": kaniko % "$STAGE/Dockerfile", "a/Dockerfile": "FROM scratch\n", "b/Dockerfile": "FROM scratch\n"}, ""),
        ({".gitlab-ci.yml": kaniko % "$CI_PROJECT_DIR/${NAME}file", "web.Dockerfile": "FROM scratch\n"}, "Kaniko"),
        ({".gitlab-ci.yml": kaniko % "$NAME.Dockerfile", "web.Dockerfile": "FROM scratch\n"}, ""),
        ({".gitlab-ci.yml": gitlab_script % "./build.bash", "build.bash": "#!/bin/bash\ndocker build -t x .\n"}, "has no BuildKit"),
        ({".gitlab-ci.yml": gitlab_script % "./build", "build": "#!/usr/bin/env bash\ndocker build -t x .\n"}, "has no BuildKit"),
        ({".gitlab-ci.yml": gitlab_script % "./build", "build": "#!/usr/bin/env python3\n'docker build -t x .'\n"}, ""),
        ({".gitlab-ci.yml": gitlab_script % "cd ci && ls && ./build.sh", "ci/build.sh": "docker build -t x ..\n"}, "has no BuildKit"),
        ({".gitlab-ci.yml": gitlab_script % "cd ci && ls && ./build.sh", "ci/build.sh": "docker build -t x web\n", "ci/web/Dockerfile": "FROM scratch\n"}, ""),
        ({"bitbucket-pipelines.yml": "pipelines:\n  default:\n    - step:\n        services: [docker]\n        script:\n          - docker build -t x .\n"}, "has no BuildKit"),
        ({"bitbucket-pipelines.yml": "pipelines:\n  default:\n    - step:\n        script:\n          - export DOCKER_BUILDKIT=1\n          - docker build -t x .\n"}, ""),
        ({".travis.yml": "dist: xenial\nscript:\n  - docker build .\n"}, "Travis CI's `xenial`"),
        ({".travis.yml": "dist: bionic\ndeploy:\n  provider: script\n  script: ./ci/deploy.sh\n", "ci/deploy.sh": "docker build -t x .\n"}, "Travis CI's `bionic`"),
        ({".gitlab-ci.yml": "build:\n  image: docker:19.03\n  script:\n    - sh deploy.sh\n", "deploy.sh": "docker build -t x .\n"}, "`docker:19.03`, whose `docker build` has no BuildKit"),
        ({".gitlab-ci.yml": "build:\n  image: docker:19.03\n  script:\n    - sh deploy.sh\n", "deploy.sh": "DOCKER_BUILDKIT=1 docker build -t x .\n"}, ""),
        ({".travis.yml": "services: [docker]\nbefore_install:\n  - docker build .\n"}, "Travis CI's usual machine"),
        ({".travis.yml": "env: DOCKER_BUILDKIT=1\nbefore_install:\n  - docker build .\n"}, ""),
        ({".travis.yml": "dist: noble\nscript:\n  - docker build .\n"}, ""),
        ({"captain-definition": '{"schemaVersion": 2, "dockerfilePath": "./Dockerfile"}'}, "has CapRover build it"),
        ({"captain-definition": '{"schemaVersion": 2, "imageName": "nginx"}'}, ""),
        ({"deploy.py": "import docker\ndocker.from_env().images.build(path='.')\n"}, "through an API that has no BuildKit"),
        ({"deploy.py": "import docker\ndocker.from_env().images.build(path=path)\n"}, "through an API that has no BuildKit"),
        ({"deploy.py": "import docker\ndocker.from_env().images.build(path='web')\n", "web/Dockerfile": "FROM scratch\n"}, ""),
        ({"deploy.py": "import docker\ndocker.from_env().images.pull('x')\n"}, ""),
        ({**curl, "deploy.sh": "curl -L https://github.com/docker/compose/releases/download/1.27.3/docker-compose-Linux-x86_64 -o /usr/local/bin/docker-compose\n"}, "`deploy.sh:1` installs a docker-compose before 1.28"),
        ({**curl, "deploy.sh": "curl -L https://github.com/docker/compose/releases/download/1.29.2/docker-compose-Linux-x86_64 -o /usr/local/bin/docker-compose\n"}, ""),
        ({**curl, "deploy.sh": "export COMPOSE_DOCKER_CLI_BUILD=1 DOCKER_BUILDKIT=1\ncurl -L https://github.com/docker/compose/releases/download/1.27.3/docker-compose-Linux-x86_64\n"}, ""),
        ({"lib/tasks/cloud.rake": "task(:build) { system({\"DOCKER_BUILDKIT\" => \"0\"}, \"docker build -t x .\") }\n"}, "has it built without BuildKit"),
        ({"test_a.py": "from testcontainers.core.image import DockerImage\nwith DockerImage(path='.', tag='x'): pass\n"}, "through an API that has no BuildKit"),
        ({"build.js": "const Docker = require('dockerode');\nnew Docker().buildImage({context: __dirname, src: ['Dockerfile']}, {t: 'x'});\n"}, "through an API that has no BuildKit"),
        ({"build.js": "const Docker = require('dockerode');\nnew Docker().buildImage('a.tar', {t: 'x', version: '2'});\n"}, ""),
        ({"pom.xml": "<plugin><artifactId>docker-maven-plugin</artifactId><build><contextDir>${basedir}</contextDir></build></plugin>"}, "through an API that has no BuildKit"),
        ({"pom.xml": "<plugin><artifactId>docker-maven-plugin</artifactId><build><contextDir>.</contextDir><buildx/></build></plugin>".replace("<buildx/>", "<buildx><platforms/></buildx>")}, ""),
        ({"build.gradle": "task b(type: DockerBuildImage) { inputDir = file('.') }\n"}, "through an API that has no BuildKit"),
        ({"template.yaml": "Transform: AWS::Serverless-2016-10-31\nResources: {F: {Type: AWS::Serverless::Function, Metadata: {DockerContext: ., Dockerfile: Dockerfile}}}\n"}, "through an API that has no BuildKit"),
        ({".github/workflows/a.yml": job.replace("ubuntu-latest", "ubuntu-22.04") % "{uses: redhat-actions/buildah-build@v2, with: {containerfiles: ./Dockerfile}}"}, "whose Podman and Buildah know no cache mounts"),
        ({".github/workflows/a.yml": job % "{uses: redhat-actions/buildah-build@v2, with: {containerfiles: ./Dockerfile}}"}, ""),
        ({".github/workflows/a.yml": job.replace("ubuntu-latest", "ubuntu-22.04") % "run: podman build -t x ."}, "whose Podman and Buildah know no cache mounts"),
        ({"buildspec.yml": buildspec, "main.tf": 'image = "aws/codebuild/standard:5.0"\n'}, "in CodeBuild's `aws/codebuild/standard:5.0`, as `main.tf` says"),
        ({"buildspec.yml": buildspec, "stack.yaml": "Image: aws/codebuild/amazonlinux2-x86_64-standard:4.0\n"}, "in CodeBuild's `aws/codebuild/amazonlinux2-x86_64-standard:4.0`"),
        ({"buildspec.yml": buildspec, "main.tf": 'image = "aws/codebuild/standard:7.0"\n'}, ""),
        ({"buildspec.yml": buildspec, "main.tf": 'image = "aws/codebuild/standard:5.0"\nname = "DOCKER_BUILDKIT"\n'}, ""),
        ({"buildspec.yml": buildspec.replace("docker build", "DOCKER_BUILDKIT=1 docker build"), "main.tf": 'image = "aws/codebuild/standard:5.0"\n'}, ""))
    without_mounts(directory, cases)


@case
def images_with_an_old_builder(directory):
    """In which a pipeline runs its commands, whatever these are: `docker build`, Compose, a script, make."""
    compose = {"compose.yaml": "services:\n  x:\n    build: .\n"}
    gitlab = "build:\n  image: %s\n  script:\n    - %s\n"
    job = "jobs:\n  a:\n    runs-on: self-hosted\n    container: %s\n    steps:\n      - run: docker build .\n"
    jenkins = "pipeline {\n  agent { docker { image '%s' } }\n  stages { stage('b') { steps { sh 'docker build .' } } }\n}\n"
    make = {"Makefile": "image:\n\tdocker build .\n"}
    old = "has no BuildKit"
    without_mounts(directory, (
        ({**compose, ".gitlab-ci.yml": gitlab % ("docker:19.03.12", "docker-compose build")}, "`.gitlab-ci.yml:4` builds it in `docker:19.03.12`"),
        ({**compose, ".gitlab-ci.yml": gitlab % ("docker:20.10", "docker compose build")}, old),
        ({**compose, ".gitlab-ci.yml": gitlab % ("docker:27", "docker compose build")}, ""),
        ({**compose, ".gitlab-ci.yml": gitlab % ("docker/compose:1.25.5", "docker-compose build")}, "whose Compose has no BuildKit"),
        # Compose builds another one.
        ({"compose.yaml": "services:\n  x:\n    build: web\n", "web/Dockerfile": "FROM scratch\n", ".gitlab-ci.yml": gitlab % ("docker:19.03", "docker-compose build")}, ""),
        ({".gitlab-ci.yml": gitlab % ("docker:stable", "docker build .")}, old),
        ({".gitlab-ci.yml": gitlab % ("docker:latest", "docker build .")}, ""),
        ({".gitlab-ci.yml": gitlab % ("$PROXY/docker:19.03", "docker build .")}, old),
        ({".gitlab-ci.yml": "services: [docker:19.03-dind]\n" + gitlab % ("me/tools", "docker build .")}, "with the service `docker:19.03-dind`"),
        ({".gitlab-ci.yml": "default:\n  services: [{name: docker:stable-dind}]\n" + gitlab % ("me/tools", "docker build .")}, "with the service `docker:stable-dind`"),
        ({".gitlab-ci.yml": "services: [docker:19.03-dind]\n" + gitlab % ("me/tools", "docker build .") + "  services: [docker:27-dind]\n"}, ""),
        ({".gitlab-ci.yml": "services: [docker:20.10-dind]\n" + gitlab % ("docker:27", "docker build .")}, ""),
        ({**make, ".gitlab-ci.yml": gitlab % ("docker:19.03", "make image")}, "`.gitlab-ci.yml:4` builds it in `docker:19.03`"),
        ({**make, ".gitlab-ci.yml": gitlab % ("docker:27", "make image")}, ""),
        ({"package.json": '{"scripts": {"image": "docker build ."}}', ".gitlab-ci.yml": gitlab % ("docker:19.03", "npm run image")}, old),
        ({".gitlab-ci.yml": gitlab % ("quay.io/buildah/stable:v1.23.1", "buildah bud .")}, "whose Buildah knows no cache mounts"),
        ({".gitlab-ci.yml": gitlab % ("quay.io/buildah/stable:v1.24.0", "buildah bud .")}, ""),
        ({".gitlab-ci.yml": gitlab % ("quay.io/podman/stable:v3.4", "podman build .")}, "whose Podman knows no cache mounts"),
        ({".gitlab-ci.yml": gitlab % ("quay.io/containers/podman:v4.9", "podman build .")}, ""),
        ({".github/workflows/a.yml": job % "docker:20.10"}, old),
        ({".github/workflows/a.yml": job % "{image: docker:28}"}, ""),
        ({".github/workflows/a.yml": "env: {DOCKER_BUILDKIT: 1}\n" + job % "docker:20.10"}, ""),
        ({"Jenkinsfile": jenkins % "docker:19.03"}, old),
        ({"Jenkinsfile": jenkins % "docker:27"}, ""),
        ({**compose, ".travis.yml": "dist: bionic\nscript: docker-compose build\n"}, "Travis CI's `bionic`"),
        ({**compose, ".travis.yml": "dist: jammy\nenv: DOCKER_COMPOSE_VERSION=1.23.2\nscript: docker-compose build\n"}, "a docker-compose before 1.28"),
        ({**compose, ".travis.yml": "dist: jammy\nenv: DOCKER_COMPOSE_VERSION=1.29.2\nscript: docker-compose build\n"}, "")))


@case
def digitalocean_that_builds(directory):
    other = {"web/Dockerfile": "FROM scratch\n"}
    app = "name: a\nservices:\n- name: a\n  source_dir: %s\n"
    path = "name: a\nservices:\n- dockerfile_path: %s\n  name: a\n"
    platform = "has DigitalOcean's App Platform build it"
    without_mounts(directory, (
        ({".do/app.yaml": path % "Dockerfile"}, f"`.do/app.yaml:3` {platform}"),
        ({".do/app.yaml": app % "."}, platform),
        ({".do/app.yaml": app % "web", **other}, ""),
        ({".do/app.yaml": "services:\n- name: a\n  image: {repository: a}\n"}, ""),
        ({"ci/spec.yaml.tmpl": path % "Dockerfile" + "  instance_count: ${COUNT}\n"}, f"`ci/spec.yaml.tmpl:3` {platform}"),
        ({"deploy/spec.yaml": path % "/Dockerfile"}, platform),
        ({"deploy/spec.yaml": path % "web/Dockerfile", **other}, ""),
        ({"koyeb.yml": path % "Dockerfile"}, ""),
        ({"templates/image.yml": "parameters:\n  dockerfile_path: Dockerfile\njobs: []\n"}, ""),
        ({"main.tf": 'resource "digitalocean_app" "a" {\n  spec {\n    service {\n      dockerfile_path = "Dockerfile"\n    }\n  }\n}\n'}, f"`main.tf:4` {platform}")))


@case
def kaniko_in_other_forms_than_a_command(directory):
    """It ignores mounts: what one would keep out of the image would be in it."""
    other = {"web/Dockerfile": "FROM scratch\n"}
    executor = "gcr.io/kaniko-project/executor:latest"
    job = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - %s\n"
    pod = "    yaml \"\"\"\nspec:\n  containers:\n  - name: kaniko\n    image: gcr.io/kaniko-project/executor:debug\n\"\"\"\n"
    jenkins = "node {\n  container('kaniko') {\n    sh '/kaniko/executor --context `pwd`%s --destination a'\n  }\n}\n"
    step = "steps:\n- name: build\n  image: %s\n  %s: %s\n"
    skaffold = "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n  - image: a\n    context: %s\n    %s: {%s}\n"
    kaniko = "has Kaniko build it"
    without_mounts(directory, (
        ({"cloudbuild.yaml": f"steps:\n- name: {executor}\n  args: [--destination=a]\n"}, f"`cloudbuild.yaml:2` {kaniko}"),
        ({"cloudbuild.yaml": f"steps:\n- name: {executor}\n  args: [--destination=a, --context=dir:///workspace]\n", **other}, kaniko),
        ({"cloudbuild.yaml": f"steps:\n- name: {executor}\n  args: [--destination=a, --context=dir:///workspace/web]\n", **other}, ""),
        ({"skaffold.yaml": skaffold % (".", "kaniko", "")}, f"`skaffold.yaml:5` {kaniko}"),
        ({"skaffold.yaml": skaffold % ("web", "kaniko", "dockerfile: ../Dockerfile"), **other}, kaniko),
        ({"skaffold.yaml": skaffold % ("web", "kaniko", ""), **other}, ""),
        ({"skaffold.yaml": skaffold % (".", "docker", "")}, ""),
        ({"devspace.yaml": "version: v1beta10\nimages:\n  a:\n    image: a\n    build:\n      kaniko: {}\n"}, kaniko),
        ({".github/workflows/a.yml": job % "{uses: int128/kaniko-action@v1, with: {push: true}}"}, f"`.github/workflows/a.yml:5` {kaniko}"),
        ({".github/workflows/a.yml": job % "{uses: aevea/action-kaniko@master, with: {image: a, build_file: Dockerfile}}", **other}, kaniko),
        ({".github/workflows/a.yml": job % "{uses: int128/kaniko-action@v1, with: {context: web}}", **other}, ""),
        ({".drone.yml": step % ("plugins/kaniko", "settings", "{repo: a}")}, f"`.drone.yml:2` {kaniko}"),
        ({".drone.yml": step % ("plugins/kaniko-ecr:1", "settings", "{dockerfile: web/Dockerfile}"), **other}, ""),
        ({".woodpecker.yml": "steps:\n  build:\n    image: woodpeckerci/plugin-kaniko\n    settings: {repo: a}\n"}, kaniko),
        ({".gitlab-ci.yml": "include:\n  - component: gitlab.com/components/kaniko/build@1\n"}, kaniko),
        ({".gitlab-ci.yml": "build:\n  image: registry.gitlab.com/x/kaniko:debug\n  script:\n    - build-image\n"}, kaniko),
        ({".gitlab-ci.yml": "build:\n  # image: gcr.io/kaniko-project/executor\n  image: docker:24  # not kaniko's image\n  script:\n    - docker build .\n"}, ""),
        ({"Jenkinsfile": jenkins % ""}, kaniko),
        ({"Jenkinsfile": jenkins % " --dockerfile `pwd`/Dockerfile", **other}, kaniko),
        ({"Jenkinsfile": jenkins % "/web", **other}, ""),
        ({"Jenkinsfile": "pipeline {\n  agent { kubernetes {\n" + pod + "  } }\n}\n"}, kaniko),
        ({"tekton/t.yml": "kind: Task\nspec:\n  " + (step % (executor, "args", '["--dockerfile=Dockerfile", "--context=."]')).replace("\n", "\n  ")}, f"`tekton/t.yml:4` {kaniko}"),
        ({"tekton/t.yml": "kind: Task\nspec:\n  " + (step % (executor, "args", '["--context=$(workspaces.source.path)"]')).replace("\n", "\n  ")}, kaniko),
        ({".tekton/p.yml": "kind: PipelineRun\nspec:\n  pipelineSpec:\n    tasks:\n    - name: b\n      taskRef: {name: kaniko}\n"}, kaniko),
        ({"argo/w.yaml": f"kind: Workflow\nspec:\n  templates:\n  - name: b\n    container:\n      image: {executor}\n      args: [--context=/w, --destination=a]\n"}, kaniko),
        ({"k8s/pod.yaml": f"kind: Pod\nspec:\n  containers:\n  - name: kaniko\n    image: {executor}\n    args: [\"--context=git://github.com/a/b.git\"]\n"}, kaniko),
        ({"k8s/pod.yaml": "kind: Pod\nspec:\n  containers:\n  - name: cache\n    image: gcr.io/kaniko-project/warmer:latest\n    args: [--image=ubuntu]\n"}, "")))


@case
def services_of_azure_and_google_that_build(directory):
    """They have their own Docker do it, which is told nothing of BuildKit."""
    other = {"web/Dockerfile": "FROM scratch\n"}
    job = "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - %s\n"
    service = "services:\n  api:\n    project: %s\n    host: containerapp\n    docker: {path: %s, remoteBuild: %s}\n"
    task = "version: v1.1.0\nsteps:\n  - build: -t $Registry/a:1 %s\n%s  - push: [\"$Registry/a:1\"]\n"
    plugin = "kind: pipeline\nsteps:\n- name: b\n  image: plugins/docker%s\n  settings: {repo: a, dockerfile: %s}\n"
    azure, cloud = "has Azure's registry build it", "has Cloud Build build it"
    without_mounts(directory, (
        ({"deploy.sh": "az acr build -r reg -t a .\n"}, f"`deploy.sh:1` {azure}"),
        ({"deploy.sh": "az acr build --registry $R --image a:$V --no-logs --file ./Dockerfile .\n", **other}, azure),
        ({"deploy.sh": "az acr build -r reg -t a https://github.com/x/y.git\n"}, azure),
        ({"deploy.sh": "az acr build -r reg -t a web\n", **other}, ""),
        ({"deploy.sh": "az acr login -n reg\ndocker build -t a .\n"}, ""),
        ({"README.md": "```\naz acr build -r reg -t a .\n```\n"}, f"`README.md:2` {azure}"),
        ({".github/workflows/a.yml": job % "run: az acr build --registry r --image a:1 ."}, azure),
        ({"azure-pipelines.yml": "steps:\n- task: AzureCLI@2\n  inputs:\n    inlineScript: |\n      az acr build -r r -t a .\n"}, azure),
        ({"azure.yaml": service % (".", "./Dockerfile", "true")}, f"`azure.yaml:3` {azure}"),
        ({"azure.yaml": service % ("./web", "../Dockerfile", "true"), **other}, azure),
        ({"azure.yaml": service % ("./web", "Dockerfile", "true"), **other}, ""),
        ({"azure.yaml": service % (".", "./Dockerfile", "false")}, ""),
        ({"acr-task.yaml": task % (".", "")}, f"`acr-task.yaml:3` {azure}"),
        ({"ci/task.yaml": task % ("-f Dockerfile .", ""), **other}, azure),
        ({"acr-task.yaml": task % ("-f web/Dockerfile .", ""), **other}, ""),
        ({"acr-task.yaml": task % (".", "    env: [DOCKER_BUILDKIT=1]\n")}, ""),
        ({"app.yaml": "runtime: custom\nenv: flex\n"}, f"`app.yaml:1` {cloud}"),
        ({"web/app.yaml": "runtime: custom\nenv: flex\n", **other}, ""),
        ({"app.yaml": "runtime: go122\n"}, ""),
        ({".drone.yml": plugin % (":18", "Dockerfile")}, "`plugins/docker:18`, whose Docker has no BuildKit"),
        ({".drone.yml": plugin % (":19.03", "web/Dockerfile"), **other}, ""),
        ({".drone.yml": plugin % ("", "Dockerfile")}, ""),
        ({".drone.yml": plugin % (":21.1", "Dockerfile")}, "")))


@case
def images_that_ansible_builds(directory):
    """Its module docker_image has an API without BuildKit; docker_image_build has buildx."""
    other = {"web/Dockerfile": "FROM scratch\n"}
    call = "- hosts: all\n  tasks:\n  - name: build\n    %s:\n      name: a\n      source: build\n      build:\n        path: %s\n        dockerfile: %s\n"
    names = ("docker_image", "community.docker.docker_image", "community.docker.docker_image_build")
    ansible = "builds it with Ansible's docker_image"
    without_mounts(directory, (
        ({"deploy/build.yml": call % (names[1], '"{{ playbook_dir }}/.."', "Dockerfile")}, f"`deploy/build.yml:5` {ansible}"),
        ({"deploy/build.yml": call % (names[0], '"{{playbook_dir}}/../web"', "../Dockerfile"), **other}, ansible),
        ({"playbook.yml": call % (names[0], ".", "Dockerfile"), **other}, ansible),
        ({"playbook.yml": "- docker_image:\n    name: a\n    path: .\n"}, ansible),
        ({"deploy/roles/a/tasks/main.yml": "- docker_image:\n    name: a\n    build: {path: '{{ role_path }}/../../..'}\n", **other}, ansible),
        ({"playbook.yml": call % (names[0], "'{{ source }}'", "Dockerfile")}, ansible),
        ({"playbook.yml": call % (names[0], "'{{ source }}'", "Dockerfile"), **other}, ""),
        ({"playbook.yml": call % (names[0], "'{{ source }}/web'", "Dockerfile"), **other}, ""),
        ({"playbook.yml": call % (names[0], "'{{ source }}/web/'", "../Dockerfile"), **other}, ansible),
        ({"ci/ansible/roles/a/tasks/main.yml": call % (names[0], "'{{ source }}/.'", "Dockerfile"), **other}, ansible),
        ({"playbook.yml": call % (names[0], "web", "Dockerfile"), **other}, ""),
        ({"playbook.yml": call % (names[2], ".", "Dockerfile")}, ""),
        ({"playbook.yml": "- docker_image:\n    name: a\n    source: pull\n"}, "")))


report()
