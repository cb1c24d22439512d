variable "TAG" {
  default = "dev"
}

group "default" {
  targets = ["orchestration", "worker", "web"]
}

target "orchestration" {
  context    = "."
  dockerfile = "docker/build/orchestration.Dockerfile"
  tags       = ["registry.example.com/tasks/orchestration:${TAG}"]
}

target "worker" {
  context = "services/worker"
  tags    = ["registry.example.com/tasks/worker:${TAG}"]
}

target "web" {
  context = "services/web"
  tags    = ["registry.example.com/tasks/web:${TAG}"]
}
