/** Arithmetic and text forms of Mesos resources. */
package org.apache.heron.minicluster.resources;
