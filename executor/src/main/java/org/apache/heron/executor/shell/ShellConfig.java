package org.apache.heron.executor.shell;

import java.net.InetAddress;
import java.nio.file.Path;

/**
 * What a web shell serves and where.
 *
 * @param container id
 * @param secret that a remote caller must know to end the container: the topology's id
 * @param directory whose files are shown, and nothing outside of it
 * @param logDirectory inside of it, for a link on the front page
 * @param port to listen on; 0 takes a free one
 */
public record ShellConfig(
    int container, String secret, Path directory, Path logDirectory, InetAddress bind, int port) {}
