/** What a topology may be large in, found out before anything is begun. */
package org.apache.heron.client.limits;
