/** Instances of the classes that the configuration names. */
package org.apache.heron.service.plugin;
