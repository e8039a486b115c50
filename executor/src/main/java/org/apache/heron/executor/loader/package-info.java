/**
 * Keeps the topology's classes and ours apart. Two loaders: {@link
 * org.apache.heron.executor.loader.TopologyLoader} holds heron-api, kryo and the topology's own
 * jars and sees nothing of ours; {@link org.apache.heron.executor.loader.CoreLoader} holds our
 * libraries and takes heron-api's types from the former. heron-api must live in the same loader as
 * the topology's classes, because it finds those by name through its own loader (pluggable
 * serializers, kryo registrations, deserialized objects).
 */
package org.apache.heron.executor.loader;
