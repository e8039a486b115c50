/** What has happened, kept bounded for those who ask later. */
package org.apache.heron.framework.history;
