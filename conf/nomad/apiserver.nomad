# The API server as a job of Nomad. Put in what is yours (host paths, constraint, port), then: nomad job run apiserver.nomad
# It runs without a container of its own (driver raw_exec, which clients must allow), from a distribution that is
# unpacked on the client. For Nomad 1.4 or later.

variable "heron_home" {
  type        = string
  default     = "/opt/heron"
  description = "where the distribution is unpacked"
}

variable "token_file" {
  type        = string
  default     = "/etc/heron/apiserver.token"
  description = "file on the client that holds the token; whoever changes something must know it"
}

job "heron-apiserver" {
  datacenters = ["dc1"]
  type        = "service"

  group "apiserver" {
    count = 1

    # Uploaded packages lie on one client: the job must come back there.
    # constraint {
    #   attribute = "${attr.unique.hostname}"
    #   value     = "node-1"
    # }

    network {
      port "http" {
        static = 9000
      }
    }

    service {
      name     = "heron-apiserver"
      port     = "http"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/api/v1/version"
        interval = "15s"
        timeout  = "5s"
      }
    }

    restart {
      attempts = 3
      interval = "5m"
      delay    = "15s"
      mode     = "delay"
    }

    task "apiserver" {
      driver = "raw_exec"

      # A submit that runs is taken back before the server ends. Clients cut this down to their max_kill_timeout,
      # which is 30 seconds unless it is raised.
      kill_timeout = "70s"

      config {
        command = "${var.heron_home}/bin/heron-apiserver"
        args = [
          "--cluster", "nomad",
          "--base-template", "nomad",
          "--host", "0.0.0.0",
          "--port", "${NOMAD_PORT_http}",
          "--token-file", "${var.token_file}",
          "--download-hostname", "${attr.unique.network.ip-address}",
          "--heron-core-package-path", "${var.heron_home}/dist/heron-core.tar.gz",
        ]
      }

      env {
        HERON_APISERVER_MEM_MAX = "512M"
      }

      resources {
        cpu    = 500
        memory = 768
      }
    }
  }
}
