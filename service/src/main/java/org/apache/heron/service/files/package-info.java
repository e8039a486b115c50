/** Files on this host. */
package org.apache.heron.service.files;
